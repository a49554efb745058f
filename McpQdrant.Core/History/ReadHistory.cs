using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Core.History;

/// <summary>A caller's question to the log of changes of one collection.</summary>
/// <param name="Limit">How many lines at most.</param>
public sealed record ReadHistoryRequest(CollectionName Collection, int Limit)
{
    /// <summary>Only of this memory.</summary>
    public MemoryId? Memory { get; init; }

    /// <summary>Only those of this caller.</summary>
    public string? By { get; init; }

    /// <summary>The earliest time, as a person writes it (<see cref="AskedTime"/>).</summary>
    public string? Since { get; init; }
}

/// <summary>Reads what was changed in a collection, the newest first, with what memories held before.</summary>
/// <remarks>
/// What was deleted can be read here, so whoever may only read sees its own changes alone; those of others are for callers who may take them back,
/// see <see cref="UndoCollectionChanges"/>. Their rights count here also where the server is read-only.
/// </remarks>
public sealed class ReadHistory(UseCaseGuard guard, IMemoryStore store, ScopedChangeLog log, TimeProvider clock) : IUseCase<ReadHistoryRequest, IReadOnlyList<Change>>
{
    private static readonly Operation Operation = new("history", Rights.Read);

    /// <inheritdoc/>
    /// <exception cref="NotThereException">There is no such collection.</exception>
    public Task<IReadOnlyList<Change>> HandleAsync(Caller caller, ReadHistoryRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, [], async collection =>
        {
            if (collection.IsInaccessible || await store.DescribeAsync(collection, cancellationToken) is null)
                throw new NotThereException($"There is no collection '{collection}'.");

            var sees = caller.Rights.HasFlag(ToolName.Undo.Needed()) ? request.By : caller.Name;
            if (request.By is { } asked && sees != asked)
                return [];
            return await log.ReadAsync(
                guard.ScopeOf(caller, Operation),
                new ChangeQuery
                {
                    Collection = collection,
                    Memory = request.Memory,
                    By = sees,
                    Since = request.Since is { } since ? AskedTime.Read("since", since, clock.GetUtcNow(), isEnd: false) : null,
                    Limit = request.Limit,
                },
                cancellationToken);
        }, cancellationToken);
}
