using System.Collections.Concurrent;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Collections;

/// <summary>A collection with all that is needed to use it.</summary>
/// <param name="Model">The model that its vectors are of: the one that wrote it, whichever is configured for new collections.</param>
/// <param name="Embedder">That model.</param>
public sealed record UsableCollection(CollectionLayout Layout, EmbeddingIdentity Model, ITextEmbedder Embedder)
{
    internal UsableCollection Within(MemoryScope scope) => scope == Layout.Scope ? this : this with { Layout = Layout with { Scope = scope } };
}

/// <summary>Knows how each collection is used, and with which model, so that a warm call needs no round trip for it; forgets what proves stale.</summary>
public sealed class CollectionCatalog(IMemoryStore store, EmbeddingModels models, CollectionDefaults defaults)
{
    private readonly ConcurrentDictionary<CollectionName, UsableCollection> _collections = new();

    /// <returns>Null where there is no such collection.</returns>
    /// <exception cref="MemoryException">The collection can't be used with any model that this server has.</exception>
    public async ValueTask<UsableCollection?> GetAsync(CollectionName name, CancellationToken cancellationToken)
    {
        if (name.IsInaccessible)
            return null;
        if (_collections.TryGetValue(name, out var known))
            return known;

        return await store.DescribeAsync(name, cancellationToken) is { } info ? _collections[name] = await ResolveAsync(info, cancellationToken) : null;
    }

    /// <summary>Makes the collection where there is none. Several callers, in several processes, may do so at once.</summary>
    /// <exception cref="MemoryException">The collection can't be used with any model that this server has, can't be made, or is not the caller's.</exception>
    public async ValueTask<UsableCollection> GetOrCreateAsync(CollectionName name, CancellationToken cancellationToken)
    {
        if (name.IsInaccessible)
            throw NotAllowed(name);
        if (await GetAsync(name, cancellationToken) is { } existing)
            return existing;

        var model = await models.Default.IdentifyAsync(cancellationToken);
        var spec = new CollectionSpec { Name = name, Model = model, Keywords = defaults.Keywords, IndexedFields = defaults.IndexedFields };
        await store.CreateAsync(spec, cancellationToken);
        return await GetAsync(name, cancellationToken)
            ?? throw new StaleCollectionException($"Collection '{name}' was deleted just after it was made. Try again.");
    }

    /// <summary>What a caller is told that wants to make, or write to, what isn't its own.</summary>
    internal static AccessDeniedException NotAllowed(CollectionName name) =>
        new($"The collection '{name}' is not among those that you may use. Choose another one, or ask the operator of this server.");

    /// <summary>Finds the model that wrote a collection. One that nobody wrote by what is known of it is taken for the configured model's.</summary>
    /// <exception cref="MemoryException">The collection can't be used with any model that this server has.</exception>
    public async ValueTask<UsableCollection> ResolveAsync(CollectionInfo info, CancellationToken cancellationToken)
    {
        foreach (var embedder in models.All)
        {
            var model = await embedder.IdentifyAsync(cancellationToken);
            if (CollectionLayoutResolver.IsWrittenBy(info, model))
                return Use(info, model, embedder);
        }
        return Use(info, await models.Default.IdentifyAsync(cancellationToken), models.Default);
    }

    /// <summary>Forgets how a collection is used: the next call asks the store.</summary>
    public void Invalidate(CollectionName name) => _collections.TryRemove(name, out _);

    /// <summary>Uses an existing collection; once more with fresh facts where those known prove stale.</summary>
    /// <param name="scope">Which of its memories the use may meet.</param>
    /// <param name="absent">The answer where there is no such collection.</param>
    public async Task<T> UseAsync<T>(CollectionName name, MemoryScope scope, Func<UsableCollection, Task<T>> use, T absent, CancellationToken cancellationToken)
    {
        async Task<T> UseOnceAsync() => await GetAsync(name, cancellationToken) is { } collection ? await use(collection.Within(scope)) : absent;

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
    /// <param name="scope">Which of its memories the use may meet.</param>
    public async Task<T> UseOrCreateAsync<T>(CollectionName name, MemoryScope scope, Func<UsableCollection, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            return await use((await GetOrCreateAsync(name, cancellationToken)).Within(scope));
        }
        catch (StaleCollectionException)
        {
            Invalidate(name);
            return await use((await GetOrCreateAsync(name, cancellationToken)).Within(scope));
        }
    }

    private UsableCollection Use(CollectionInfo info, EmbeddingIdentity model, ITextEmbedder embedder) =>
        new(CollectionLayoutResolver.Resolve(info, model, defaults.DocumentField), model, embedder);
}
