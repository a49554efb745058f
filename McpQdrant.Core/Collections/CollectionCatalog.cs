using System.Collections.Concurrent;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Collections;

/// <summary>Knows how each collection is used, so that a warm call needs no round trip for it; forgets what proves stale.</summary>
public sealed class CollectionCatalog(IMemoryStore store, CollectionDefaults defaults)
{
    private readonly ConcurrentDictionary<(CollectionName Name, EmbeddingIdentity Model), CollectionLayout> _layouts = new();

    /// <returns>Null where there is no such collection.</returns>
    /// <exception cref="MemoryException">The collection can't be used with this model.</exception>
    public async ValueTask<CollectionLayout?> GetAsync(CollectionName name, EmbeddingIdentity model, CancellationToken cancellationToken)
    {
        if (name.IsInaccessible)
            return null;
        if (_layouts.TryGetValue((name, model), out var known))
            return known;

        if (await store.DescribeAsync(name, cancellationToken) is not { } collection)
            return null;

        return _layouts[(name, model)] = CollectionLayoutResolver.Resolve(collection, model, defaults.DocumentField);
    }

    /// <summary>Makes the collection where there is none. Several callers, in several processes, may do so at once.</summary>
    /// <exception cref="MemoryException">The collection can't be used with this model, can't be made, or is not the caller's.</exception>
    public async ValueTask<CollectionLayout> GetOrCreateAsync(CollectionName name, EmbeddingIdentity model, CancellationToken cancellationToken)
    {
        if (name.IsInaccessible)
            throw new MemoryException($"The collection '{name}' is not among those that you may use. Choose another one, or ask the operator of this server.");
        if (await GetAsync(name, model, cancellationToken) is { } existing)
            return existing;

        var spec = new CollectionSpec { Name = name, Model = model, Keywords = defaults.Keywords, IndexedFields = defaults.IndexedFields };
        await store.CreateAsync(spec, cancellationToken);
        return await GetAsync(name, model, cancellationToken)
            ?? throw new StaleCollectionException($"Collection '{name}' was deleted just after it was made. Try again.");
    }

    /// <summary>Forgets how a collection is used: the next call asks the store.</summary>
    public void Invalidate(CollectionName name)
    {
        foreach (var key in _layouts.Keys.Where(key => key.Name == name))
            _layouts.TryRemove(key, out _);
    }

    /// <summary>Uses an existing collection; once more with fresh facts where those known prove stale.</summary>
    /// <param name="absent">The answer where there is no such collection.</param>
    public async Task<T> UseAsync<T>(
        CollectionName name, EmbeddingIdentity model, Func<CollectionLayout, Task<T>> use, T absent, CancellationToken cancellationToken)
    {
        async Task<T> UseOnceAsync() => await GetAsync(name, model, cancellationToken) is { } layout ? await use(layout) : absent;

        try
        {
            return await UseOnceAsync();
        }
        catch (StaleCollectionException)
        {
            Invalidate(name);
            return await UseOnceAsync();
        }
    }

    /// <summary>Uses a collection, made if need be; once more with fresh facts where those known prove stale.</summary>
    public async Task<T> UseOrCreateAsync<T>(
        CollectionName name, EmbeddingIdentity model, Func<CollectionLayout, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            return await use(await GetOrCreateAsync(name, model, cancellationToken));
        }
        catch (StaleCollectionException)
        {
            Invalidate(name);
            return await use(await GetOrCreateAsync(name, model, cancellationToken));
        }
    }
}
