using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using McpQdrant.Core.Telemetry;
using Microsoft.Extensions.AI;

namespace McpQdrant.Embeddings;

/// <summary>Remembers the vectors of the last texts: agents ask the same question again and again.</summary>
/// <remarks>Never stale: the key holds the model and its settings. It holds a hash in place of the text, which may be a megabyte long.</remarks>
/// <param name="model">What tells this model's vectors from another's.</param>
/// <param name="capacity">Texts at most.</param>
internal sealed class CachedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, string model, int capacity)
    : CachingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly LeastRecentlyUsed<string, Embedding<float>> _embeddings = new(capacity);

    /// <param name="values">The text and the <see cref="EmbeddingGenerationOptions"/>, as the base class calls it.</param>
    protected override string GetCacheKey(params ReadOnlySpan<object?> values)
    {
        var options = values.Length > 1 ? values[1] as EmbeddingGenerationOptions : null;
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{model}\n{options?.Dimensions}\n{values[0]}")));
    }

    protected override Task<Embedding<float>?> ReadCacheAsync(string key, CancellationToken cancellationToken)
    {
        var isThere = _embeddings.TryGet(key, out var embedding);
        MemoryMetrics.LookedUp(isThere);
        return Task.FromResult(isThere ? embedding : null);
    }

    protected override Task WriteCacheAsync(string key, Embedding<float> value, CancellationToken cancellationToken)
    {
        _embeddings.Set(key, value);
        return Task.CompletedTask;
    }
}

/// <summary>Remembers a number of values and forgets the one that was asked for longest ago. For several threads.</summary>
/// <param name="capacity">How many, 1 or more.</param>
internal sealed class LeastRecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _newestFirst = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var node))
            {
                _newestFirst.Remove(node);
                _newestFirst.AddFirst(node);
                value = node.Value.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_nodes.Remove(key, out var old))
                _newestFirst.Remove(old);
            else if (_nodes.Count == capacity)
            {
                _nodes.Remove(_newestFirst.Last!.Value.Key);
                _newestFirst.RemoveLast();
            }
            _nodes[key] = _newestFirst.AddFirst((key, value));
        }
    }
}
