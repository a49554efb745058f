using System.Text;
using System.Text.Json;
using McpQdrant.Core.Memories;
using Microsoft.ML.Tokenizers;

namespace McpQdrant.Embeddings.Local.Tokenizers;

/// <summary>Makes the tokenizer that a model's files describe.</summary>
internal static class TokenizerLoader
{
    private const string TokenizerFile = "tokenizer.json";
    private const string VocabularyFile = "vocab.txt";

    private static readonly string[] SentencePieceFiles = ["sentencepiece.bpe.model", "spiece.model", "tokenizer.model"];

    /// <exception cref="MemoryException">The files are missing, or describe a tokenizer that isn't known.</exception>
    public static ITextTokenizer Load(ModelFolder folder, int maxTokens)
    {
        if (!folder.Has(TokenizerFile) && !folder.Has(VocabularyFile))
            return SentencePieceFiles.FirstOrDefault(folder.Has) is { } sentencePieceFile
                ? LoadSentencePiece(folder, sentencePieceFile, maxTokens)
                : throw new MemoryException($"The folder of the embedding model {folder.Name} has no {TokenizerFile} and no {VocabularyFile}. {ModelFolder.HowToGetOne}");

        var tokenizer = folder.ReadJson(TokenizerFile);
        if (!tokenizer.TryGetProperty("model", out var model))
            return LoadWordPiece(folder, maxTokens);

        return Text(model, "type") switch
        {
            "WordPiece" => LoadWordPiece(folder, tokenizer, model, maxTokens),
            "Unigram" => LoadSentencePiece(folder, tokenizer, model, maxTokens),
            var type => throw new MemoryException(
                $"The embedding model {folder.Name} has a {type} tokenizer; only WordPiece (BERT, MiniLM, bge, e5, nomic, gte) and unigram SentencePiece "
                + "(XLM-RoBERTa, multilingual-e5, bge-m3) are supported. Choose another model, or let Ollama or another server run this one."),
        };
    }

    private static SentencePieceTextTokenizer LoadSentencePiece(ModelFolder folder, JsonElement tokenizer, JsonElement model, int maxTokens)
    {
        var file = SentencePieceFiles.FirstOrDefault(folder.Has) ?? throw new MemoryException(
            $"The embedding model {folder.Name} has a SentencePiece tokenizer, and its folder has none of {string.Join(", ", SentencePieceFiles)}. Download that file of the model too.");

        // Hugging Face's ids of the pieces are not SentencePiece's own: XLM-RoBERTa puts its special tokens first.
        var pieces = model.GetProperty("vocab").EnumerateArray().Select((piece, id) => (Piece: piece[0].GetString()!, Id: id)).ToDictionary(entry => entry.Piece, entry => entry.Id);
        var (first, last) = SpecialTokens(folder, tokenizer);
        if (!pieces.TryGetValue(first, out var firstId) || !pieces.TryGetValue(last, out var lastId) || !model.TryGetProperty("unk_id", out var unknown))
            throw new MemoryException($"The {TokenizerFile} of the embedding model {folder.Name} lacks {first}, {last} or its unknown token. Choose another model.");

        var sentencePiece = OpenSentencePiece(folder, file);
        var ids = new int[sentencePiece.Vocabulary.Values.Max() + 1];
        foreach (var (piece, id) in sentencePiece.Vocabulary)
            ids[id] = pieces.GetValueOrDefault(piece, unknown.GetInt32());
        return new SentencePieceTextTokenizer(sentencePiece, ids, unknown.GetInt32(), firstId, lastId, maxTokens);
    }

    /// <summary>A file without a tokenizer.json beside it must have the network's own ids, as XLM-RoBERTa counts: 0 and 2 around a text. The file that was published with it counts in another way.</summary>
    private static SentencePieceTextTokenizer LoadSentencePiece(ModelFolder folder, string file, int maxTokens)
    {
        var pieces = OpenSentencePiece(folder, file);
        if (pieces is not { BeginningOfSentenceId: 0, EndOfSentenceId: 2 })
            throw new MemoryException($"The ids in {file} of the embedding model {folder.Name} are not those of the network. Download its {TokenizerFile} too.");

        return new SentencePieceTextTokenizer(
            pieces, [.. Enumerable.Range(0, pieces.Vocabulary.Values.Max() + 1)], pieces.UnknownId, pieces.BeginningOfSentenceId, pieces.EndOfSentenceId, maxTokens);
    }

    private static SentencePieceTokenizer OpenSentencePiece(ModelFolder folder, string file)
    {
        using var stream = folder.Open(file);
        return SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
    }

    private static WordPieceTextTokenizer LoadWordPiece(ModelFolder folder, JsonElement tokenizer, JsonElement model, int maxTokens)
    {
        var normalizer = tokenizer.TryGetProperty("normalizer", out var member) && member.ValueKind is JsonValueKind.Object ? member : default;
        if (normalizer.ValueKind is not JsonValueKind.Object || Text(normalizer, "type") is not "BertNormalizer")
            throw new MemoryException($"The embedding model {folder.Name} doesn't normalize texts as BERT does, by its {TokenizerFile}; that isn't supported. Choose another model.");

        var words = Words(normalizer, "lowercase", "handle_chinese_chars");
        var pieces = WordPieceTokenizer.Create(Vocabulary(model), new WordPieceOptions
        {
            UnknownToken = Text(model, "unk_token") ?? "[UNK]",
            ContinuingSubwordPrefix = Text(model, "continuing_subword_prefix") ?? "##",
            MaxInputCharsPerWord = model.TryGetProperty("max_input_chars_per_word", out var longest) ? longest.GetInt32() : 100,
        });
        var (first, last) = SpecialTokens(folder, tokenizer);
        return new WordPieceTextTokenizer(words, pieces, IdOf(pieces, first), IdOf(pieces, last), maxTokens);
    }

    private static WordPieceTextTokenizer LoadWordPiece(ModelFolder folder, int maxTokens)
    {
        var words = Words(folder.ReadJson("tokenizer_config.json"), "do_lower_case", "tokenize_chinese_chars");
        using var vocabulary = folder.Open(VocabularyFile);
        var pieces = WordPieceTokenizer.Create(vocabulary, new WordPieceOptions());
        return new WordPieceTextTokenizer(words, pieces, IdOf(pieces, "[CLS]"), IdOf(pieces, "[SEP]"), maxTokens);
    }

    private static BertPreTokenizer Words(JsonElement settings, string lowerCase, string splitIdeographs)
    {
        var folds = Flag(settings, lowerCase) ?? true;
        var stripsAccents = Flag(settings, "strip_accents") ?? folds;
        return new BertPreTokenizer(folds, stripsAccents ? DiacriticFolding.Load() : null, Flag(settings, splitIdeographs) ?? true);
    }

    /// <summary>The vocabulary as a file with a token a line, the line's number its id.</summary>
    private static MemoryStream Vocabulary(JsonElement model)
    {
        var tokens = model.GetProperty("vocab").EnumerateObject().ToDictionary(member => member.Value.GetInt32(), member => member.Name);
        var text = new StringBuilder();
        for (var id = 0; id <= tokens.Keys.Max(); id++)
            text.Append(tokens.GetValueOrDefault(id, $"[unassigned{id}]")).Append('\n');
        return new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The tokens before and after a text.</summary>
    private static (string First, string Last) SpecialTokens(ModelFolder folder, JsonElement tokenizer)
    {
        if (!tokenizer.TryGetProperty("post_processor", out var processor) || processor.ValueKind is not JsonValueKind.Object)
            return ("[CLS]", "[SEP]");
        if (processor.TryGetProperty("cls", out var cls) && processor.TryGetProperty("sep", out var sep))
            return (cls[0].GetString()!, sep[0].GetString()!);

        return processor.TryGetProperty("single", out var template) && template.GetArrayLength() == 3
            && Special(template[0]) is { } first && Special(template[2]) is { } last
            ? (first, last)
            : throw new MemoryException($"The embedding model {folder.Name} doesn't want one token before a text and one after it, by its {TokenizerFile}; that isn't supported. Choose another model.");

        static string? Special(JsonElement part) => part.TryGetProperty("SpecialToken", out var token) ? Text(token, "id") : null;
    }

    private static int IdOf(WordPieceTokenizer pieces, string token) =>
        pieces.EncodeToIds(token, considerPreTokenization: false, considerNormalization: false) is [var id] && id != pieces.UnknownTokenId
            ? id
            : throw new MemoryException($"The embedding model's vocabulary has no {token}. Its tokenizer isn't supported; choose another model.");

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static bool? Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;
}
