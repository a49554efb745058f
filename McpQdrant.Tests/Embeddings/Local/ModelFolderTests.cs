using McpQdrant.Core.Memories;
using McpQdrant.Embeddings;
using McpQdrant.Embeddings.Local;

namespace McpQdrant.Tests.Embeddings.Local;

public sealed class ModelFolderTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("sentence-transformers/all-minilm-l6-v2")]
    [InlineData("qdrant/all-MiniLM-L6-v2-onnx")]
    public void Find_knows_the_shipped_model_by_its_names(string? name)
    {
        var folder = ModelLocator.Find(new EmbeddingOptions { Model = name });

        Assert.Equal("sentence-transformers/all-MiniLM-L6-v2", folder.Name);
        Assert.True(File.Exists(folder.OnnxFile));
        Assert.Equal(256, ModelProfile.Of(folder).MaxTokens);
    }

    [Theory]
    [InlineData("multilingual-e5-small")]
    [InlineData("intfloat/Multilingual-E5-small")]
    public void Find_knows_the_multilingual_model_by_its_names(string name)
    {
        var folder = ModelLocator.Find(new EmbeddingOptions { Model = name });

        Assert.Equal("intfloat/multilingual-e5-small", folder.Name);
        Assert.True(File.Exists(folder.OnnxFile));
        Assert.Equal(512, ModelProfile.Of(folder).MaxTokens);
    }

    [Theory]
    [InlineData("BAAI/bge-small-en-v1.5")]
    [InlineData("..")]
    [InlineData("")]
    public void Find_says_where_it_looked_and_how_to_get_the_model(string name)
    {
        var error = Assert.Throws<MemoryException>(() => ModelLocator.Find(new EmbeddingOptions { Model = name }));

        Assert.Contains($"'{name}' isn't here", error.Message);
        Assert.Contains("models/", error.Message);
        Assert.Contains("EMBEDDING_MODEL_PATH", error.Message);
    }

    [Fact]
    public void Find_says_when_the_folder_is_missing()
    {
        var error = Assert.Throws<MemoryException>(() => ModelLocator.Find(new EmbeddingOptions { ModelPath = "/no/such/folder" }));

        Assert.Contains("/no/such/folder", error.Message);
    }

    [Theory]
    [InlineData("onnx/model_quantized.onnx", "onnx/model.onnx", "onnx/model.onnx")]
    [InlineData("model_optimized.onnx", "onnx/model.onnx", "model_optimized.onnx")]
    [InlineData("onnx/model_O4.onnx", "onnx/model_int8.onnx", "onnx/model_O4.onnx")]
    public void OnnxFile_prefers_the_plain_graph(string one, string other, string expected)
    {
        using var folder = new TemporaryModel().Write(one, "").Write(other, "");

        Assert.Equal(folder.At(expected), folder.Folder.OnnxFile);
    }

    [Theory]
    [InlineData("intfloat/multilingual-e5-small", "query: |passage: ")]
    [InlineData("intfloat/multilingual-e5-large-instruct", "")]
    [InlineData("nomic-ai/nomic-embed-text-v1.5", "search_query: |search_document: ")]
    [InlineData("BAAI/bge-base-en-v1.5", "Represent this sentence for searching relevant passages: |")]
    [InlineData("text-embedding-nomic-embed-text-v1.5", "search_query: |search_document: ")]
    [InlineData("nomic-embed-text:latest", "search_query: |search_document: ")]
    [InlineData("snowflake-arctic-embed2:latest", "query: |")]
    [InlineData("text-embedding-3-small", "")]
    [InlineData("BAAI/bge-m3", "")]
    [InlineData("sentence-transformers/all-MiniLM-L6-v2", "")]
    public void Prefixes_are_known_by_the_name_of_the_model(string name, string scheme) =>
        Assert.Equal(scheme, KnownModels.PrefixesOf(name).Scheme);

    [Fact]
    public void Prefixes_of_the_model_itself_come_first()
    {
        using var folder = new TemporaryModel().Write("config_sentence_transformers.json", """{"prompts": {"query": "ask: ", "document": "tell: "}}""");

        Assert.Equal(new TextPrefixes("ask: ", "tell: "), ModelProfile.Of(folder.Folder).Prefixes);
    }

    [Theory]
    [InlineData("sentence_bert_config.json", """{"max_seq_length": 128}""", 128)]
    [InlineData("tokenizer_config.json", """{"model_max_length": 1000000000000000019884624838656}""", 512)]
    [InlineData("config.json", """{"max_position_embeddings": 1024}""", 1024)]
    [InlineData("config.json", """{"max_position_embeddings": 514, "model_type": "xlm-roberta"}""", 512)]
    [InlineData("config.json", """{"max_position_embeddings": 8192}""", 2048)]
    public void MaxTokens_is_read_from_the_models_files(string file, string json, int expected)
    {
        using var folder = new TemporaryModel().Write(file, json);

        Assert.Equal(expected, ModelProfile.Of(folder.Folder).MaxTokens);
    }

    [Theory]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_lasttoken": true}""", "only mean and CLS pooling")]
    [InlineData("config.json", "{", "config.json of the embedding model tiny-test isn't valid JSON")]
    [InlineData("tokenizer.json", """{"model": {"type": "BPE"}}""", "BPE tokenizer")]
    [InlineData("tokenizer.json", """{"model": {"type": "WordPiece"}, "normalizer": {"type": "NFKC"}}""", "normalize")]
    [InlineData("tokenizer.json", """{"model": {"type": "Unigram"}}""", "sentencepiece.bpe.model")]
    [InlineData("tokenizer.json", """{"model": {"type": "WordPiece", "vocab": {"[UNK]": 0}}, "normalizer": {"type": "BertNormalizer"}, "post_processor": {"single": [{"Sequence": {}}]}}""", "one token before")]
    [InlineData("vocab.txt", "[PAD]\n[UNK]\n", "[CLS]")]
    [InlineData("model.onnx", "no graph", "can't be loaded")]
    [InlineData("modules.json", """[{"type": "sentence_transformers.models.Dense"}]""", "no output")]
    public void Load_refuses_what_it_does_not_know(string file, string text, string message)
    {
        using var folder = new TemporaryModel("model.onnx", "vocab.txt").Write(file, text);

        var error = Assert.Throws<MemoryException>(() => OnnxModel.Load(folder.Folder));

        Assert.Contains(message, error.Message);
    }
}
