using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Expiry;

/// <summary>Removes memories that have expired, which nobody finds any more.</summary>
/// <param name="Collection">Only in this one, by its name in the store; null for all.</param>
public sealed record ExpireMemoriesRequest(CollectionName? Collection = null);

/// <summary>What was removed.</summary>
public sealed record ExpireMemoriesResult(IReadOnlyList<MemoryId> Touched) : IChange
{
    public string? Outcome => Touched.Count == 0 ? null : "expired";
}

/// <summary>Removes what has expired, a change that stands in the log of changes. Several servers may do so at once.</summary>
public sealed class ExpireMemories(UseCaseGuard guard, IMemoryStore described, UnexpiredMemories store, ChangeHistory history, CollectionDefaults defaults)
    : IUseCase<ExpireMemoriesRequest, ExpireMemoriesResult>
{
    /// <remarks>What has expired is nobody's any more, so whoever may do this does it for all.</remarks>
    private static readonly Operation Operation = new("expire", Rights.Forget | Rights.Administer) { IsForWholeCollections = false };

    /// <inheritdoc/>
    public Task<ExpireMemoriesResult> HandleAsync(Caller caller, ExpireMemoriesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, async () =>
        {
            var removed = new List<MemoryId>();
            foreach (var name in request.Collection is { } one ? [one] : await described.ListAsync(cancellationToken))
            {
                if (await described.DescribeAsync(name, cancellationToken) is { Expires: true } collection)
                    removed.AddRange(await store.RemoveExpiredAsync(
                        CollectionLayoutResolver.ResolveForReading(collection, defaults.DocumentField, MemoryScope.Everything), history.Begin(caller, Operation), cancellationToken));
                else if (request.Collection is not null)
                    throw new MemoryException($"Nothing expires in a collection '{name}'.");
            }
            return new ExpireMemoriesResult(removed);
        }, cancellationToken);
}
