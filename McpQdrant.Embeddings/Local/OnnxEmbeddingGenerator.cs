using McpQdrant.Core.Telemetry;
using Microsoft.Extensions.AI;

namespace McpQdrant.Embeddings.Local;

/// <summary>A local model behind the interface that all providers share.</summary>
/// <param name="folder">The model; it is loaded in the background when first needed, and again when that failed.</param>
/// <param name="concurrency">Texts that are embedded at the same time.</param>
internal sealed class OnnxEmbeddingGenerator(ModelFolder folder, int concurrency) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly SemaphoreSlim _places = new(concurrency);
    private readonly Lock _loading = new();
    private Task<OnnxModel>? _model;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        var embeddings = new Embedding<float>[texts.Count];
        var degree = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, texts.Count, degree, async (i, token) => embeddings[i] = await EmbedAsync(texts[i], token));
        return new GeneratedEmbeddings<Embedding<float>>(embeddings);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <summary>Waits for what is being loaded or computed: a process that ends under ONNX Runtime's feet crashes.</summary>
    public void Dispose()
    {
        Task<OnnxModel>? model;
        lock (_loading)
            model = _model;

        if (model is not null)
        {
            Task.WaitAny(model);   // whether it could be loaded doesn't matter any more
            for (var place = 0; place < concurrency; place++)
                _places.Wait();
            if (model.IsCompletedSuccessfully)
                model.Result.Dispose();
        }
        _places.Dispose();
    }

    private async Task<Embedding<float>> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        var model = await LoadAsync().WaitAsync(cancellationToken);
        await MemoryMetrics.WaitAsync(_places, "embeddings", cancellationToken);
        try
        {
            var (vector, tokens) = await Task.Run(() => model.Embed(text, cancellationToken), cancellationToken);
            var embedding = new Embedding<float>(vector);
            new TokenCount(tokens.Ids.Length, tokens.Total, tokens.IsCut).AddTo(embedding);
            return embedding;
        }
        finally
        {
            _places.Release();
        }
    }

    private Task<OnnxModel> LoadAsync()
    {
        lock (_loading)
            return _model is null or { IsFaulted: true } ? _model = Task.Run(() => OnnxModel.Load(folder)) : _model;
    }
}
