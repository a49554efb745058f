using System.Numerics.Tensors;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Core.Collections;

/// <summary>Asks how the memories of a collection lie towards each other.</summary>
/// <param name="Limit">How many memories at most; where there are more, some of them: those with the first ids, which say nothing of what they hold.</param>
public sealed record MapCollectionRequest(CollectionName Collection, int Limit)
{
    /// <summary>What a memory must satisfy; null for all.</summary>
    public Filter? Filter { get; init; }

    /// <inheritdoc cref="FindMemoriesRequest.Metadata"/>
    public JsonElement? Metadata { get; init; }

    /// <inheritdoc cref="FindMemoriesRequest.Since"/>
    public string? Since { get; init; }

    /// <inheritdoc cref="FindMemoriesRequest.Until"/>
    public string? Until { get; init; }
}

/// <summary>Memories on a plane: near to each other where their meanings are, as far as a plane can show it.</summary>
/// <param name="Near">Pairs of memories that say nearly the same, the nearest first.</param>
/// <param name="IsWhole">Whether these are all that there are.</param>
public sealed record MapCollectionResult(IReadOnlyList<MappedMemory> Memories, IReadOnlyList<NearMemories> Near, bool IsWhole);

/// <summary>A memory and its place; both coordinates are from -1 to 1.</summary>
public readonly record struct MappedMemory(Memory Memory, float X, float Y);

/// <summary>Two memories, and the cosine of their vectors.</summary>
public readonly record struct NearMemories(MemoryId One, MemoryId Other, float Similarity);

/// <summary>Lays the memories of a collection out on a plane by their vectors, and finds those that say nearly the same.</summary>
public sealed class MapCollection(UseCaseGuard guard, IMemoryStore store, CollectionCatalog catalog, TimeProvider clock)
    : IUseCase<MapCollectionRequest, MapCollectionResult>
{
    /// <summary>All pairs are compared.</summary>
    public const int MaxMemories = 2000;

    private const int MaxPairs = 100;

    /// <summary>Sentence models put two wordings of one fact above this, and two facts about one thing below it.</summary>
    private const float NearlyTheSame = 0.9f;

    private static readonly Operation Operation = new("map", Rights.Read);

    private static readonly MapCollectionResult Nothing = new([], [], IsWhole: true);

    /// <inheritdoc/>
    /// <exception cref="NotThereException">There is no such collection.</exception>
    public Task<MapCollectionResult> HandleAsync(Caller caller, MapCollectionRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], async collection =>
        {
            if (collection.IsInaccessible || await store.DescribeAsync(collection, cancellationToken) is null)
                throw new NotThereException($"There is no collection '{collection}'.");

            var filter = AskedFilter.Of(request.Filter, request.Metadata, request.Since, request.Until, clock.GetUtcNow());
            return await catalog.UseAsync(
                collection, guard.ScopeOf(caller, Operation), used => MapAsync(used.Layout, filter, Math.Min(request.Limit, MaxMemories), cancellationToken), absent: Nothing, cancellationToken);
        }, cancellationToken);

    private async Task<MapCollectionResult> MapAsync(CollectionLayout layout, Filter? filter, int limit, CancellationToken cancellationToken)
    {
        var (memories, vectors, isWhole) = (new List<Memory>(), new List<float[]>(), true);
        await foreach (var stored in store.ReadAllAsync(layout, LayoutFilter.For(layout, filter), withVectors: true, cancellationToken))
        {
            if (stored.Vector is not SemanticVector.Embedded { Values: var values })
                continue;
            if (memories.Count == limit)
            {
                isWhole = false;
                break;
            }
            var vector = values.ToArray();
            UnitVector.Normalize(vector);
            memories.Add(stored.Memory);
            vectors.Add(vector);
        }

        var near = Near(memories, vectors, cancellationToken);
        var places = Projection.OntoPlane(vectors);
        return new MapCollectionResult([.. memories.Zip(places, (memory, place) => new MappedMemory(memory, place.X, place.Y))], near, isWhole);
    }

    private static IReadOnlyList<NearMemories> Near(List<Memory> memories, List<float[]> vectors, CancellationToken cancellationToken)
    {
        // The least near of those kept goes first.
        var nearest = new PriorityQueue<NearMemories, float>();
        for (var i = 0; i < vectors.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var j = i + 1; j < vectors.Count; j++)
            {
                var similarity = TensorPrimitives.Dot<float>(vectors[i], vectors[j]);
                if (similarity < NearlyTheSame)
                    continue;
                nearest.Enqueue(new NearMemories(memories[i].Id, memories[j].Id, similarity), similarity);
                if (nearest.Count > MaxPairs)
                    nearest.Dequeue();
            }
        }
        return [.. nearest.UnorderedItems.Select(pair => pair.Element).OrderByDescending(pair => pair.Similarity).ThenBy(pair => pair.One).ThenBy(pair => pair.Other)];
    }
}
