using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Core.History;

/// <summary>An operator's question to the log of changes; collections go by their names in the store.</summary>
public sealed record ListChangesRequest(ChangeQuery Query)
{
    /// <summary>The earliest time, as a person writes it (<see cref="AskedTime"/>); null for that of the query.</summary>
    public string? Since { get; init; }
}

/// <summary>Reads the log of changes, the newest first: of every caller, with what memories held before.</summary>
public sealed class ListChanges(UseCaseGuard guard, ScopedChangeLog log, TimeProvider clock) : IUseCase<ListChangesRequest, IReadOnlyList<Change>>
{
    private static readonly Operation Operation = new("log", Rights.Administer) { IsForWholeCollections = false };

    /// <inheritdoc/>
    /// <exception cref="MemoryException">The time is none.</exception>
    public Task<IReadOnlyList<Change>> HandleAsync(Caller caller, ListChangesRequest request, CancellationToken cancellationToken) => guard.RunAsync(
        caller,
        Operation,
        request.Query.Collection,
        () => log.ReadAsync(
            guard.ScopeOf(caller, Operation),
            request.Since is { } since ? request.Query with { Since = AskedTime.Read("since", since, clock.GetUtcNow(), isEnd: false) } : request.Query, cancellationToken),
        cancellationToken);
}
