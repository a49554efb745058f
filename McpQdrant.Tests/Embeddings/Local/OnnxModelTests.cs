using System.Numerics.Tensors;
using McpQdrant.Embeddings.Local;

namespace McpQdrant.Tests.Embeddings.Local;

public sealed class OnnxModelTests
{
    private static readonly string[] TinyFiles = ["model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json"];

    [Fact]
    public void Embed_agrees_with_the_reference_for_the_shipped_model()
    {
        using var model = OnnxModel.Load(ModelFolders.Shipped);

        foreach (var golden in Golden.Read(ModelFolders.Shipped.Path).Where(golden => !golden.Text.Contains("[SEP]")))
        {
            var (vector, _) = model.Embed(golden.Text, default);

            Assert.Equal(1, TensorPrimitives.Norm(vector), tolerance: 1e-4);
            Assert.InRange(golden.Cosine("int8", vector), 0.98, 1.0001);
            Assert.InRange(golden.Cosine("fp32", vector), 0.97, 1.0001);
        }
    }

    [Fact]
    public void Embed_agrees_with_the_reference_for_the_multilingual_model()
    {
        using var model = OnnxModel.Load(ModelFolders.Multilingual);
        var texts = Golden.Read(ModelFolders.Multilingual.Path);

        Assert.Equal(new("query: ", "passage: "), ModelProfile.Of(ModelFolders.Multilingual).Prefixes);
        Assert.True(texts.Count > 20);
        foreach (var golden in texts)
        {
            var (vector, text) = model.Embed(golden.Text, default);

            Assert.Equal(golden.Ids, text.Ids);
            Assert.Equal(golden.Ids.Length == 512, text.IsCut);
            Assert.Equal(1, TensorPrimitives.Norm(vector), tolerance: 1e-4);
            Assert.InRange(golden.Cosine("int8", vector), 0.99, 1.0001);
        }
    }

    [Theory]
    [InlineData("""{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""", "cls")]
    [InlineData("""{"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}""", "mean")]
    public void Embed_pools_as_the_model_wants(string pooling, string reference)
    {
        using var copy = new TemporaryModel(TinyFiles).Write("1_Pooling/config.json", pooling);
        using var model = OnnxModel.Load(copy.Folder);

        foreach (var golden in Golden.Read(ModelFolders.TinyPath))
            Assert.Equal(1, golden.Cosine(reference, model.Embed(golden.Text, default).Vector), tolerance: 1e-5);
    }

    [Fact]
    public void Embed_agrees_with_the_reference_for_e5_where_it_is_there()
    {
        var models = Environment.GetEnvironmentVariable("MODELS_DIR");
        Assert.SkipWhen(models is null, "MODELS_DIR names no folder with e5-small-v2, which is too large to come with the tests.");
        var folder = new ModelFolder(Path.Combine(models, "e5-small-v2"), "intfloat/e5-small-v2");
        using var model = OnnxModel.Load(folder);

        Assert.Equal(new("query: ", "passage: "), ModelProfile.Of(folder).Prefixes);
        foreach (var golden in Golden.Read(folder.Path))
        {
            var (vector, text) = model.Embed(golden.Text, default);

            Assert.Equal(golden.Ids, text.Ids);
            Assert.InRange(golden.Cosine("int8", vector), 0.98, 1.0001);
        }
    }

    [Fact]
    public void Embed_stops_when_it_is_cancelled()
    {
        using var model = OnnxModel.Load(ModelFolders.Shipped);
        var text = string.Concat(Enumerable.Repeat("a long text ", 200));

        Assert.ThrowsAny<OperationCanceledException>(() => model.Embed(text, new CancellationToken(canceled: true)));
    }
}
