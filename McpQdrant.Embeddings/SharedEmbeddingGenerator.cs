using Microsoft.Extensions.AI;

namespace McpQdrant.Embeddings;

/// <summary>Embeds once what several callers ask for at the same moment: agents of one team, or one that was started twice.</summary>
/// <remarks>Only single texts, which is what questions are. The work is stopped when the last of its callers has left.</remarks>
internal sealed class SharedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Text, int? Dimensions), Work> _underWay = [];

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        if (texts.Count != 1)
            return await base.GenerateAsync(texts, options, cancellationToken);

        var key = (texts[0], options?.Dimensions);
        var work = Join(key, stop => base.GenerateAsync(texts, options, stop));
        try
        {
            return await work.Result.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(key, work);
        }
    }

    private Work Join((string, int?) key, Func<CancellationToken, Task<GeneratedEmbeddings<Embedding<float>>>> start)
    {
        lock (_lock)
        {
            if (!_underWay.TryGetValue(key, out var work))
            {
                var stop = new CancellationTokenSource();
                _underWay[key] = work = new Work(stop, new(() => start(stop.Token)));
            }
            work.Callers++;
            return work;
        }
    }

    private void Leave((string, int?) key, Work work)
    {
        lock (_lock)
        {
            if (--work.Callers > 0)
                return;
            _underWay.Remove(key);
        }
        work.Stop.Cancel();
    }

    /// <param name="Result">Started by the first who asks for it, outside the lock.</param>
    private sealed record Work(CancellationTokenSource Stop, Lazy<Task<GeneratedEmbeddings<Embedding<float>>>> Result)
    {
        public int Callers { get; set; }
    }
}
