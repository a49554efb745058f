using McpQdrant.Core.Access;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.History;

/// <summary>An operator's question to the log of changes; collections go by their names in the store.</summary>
public sealed record ListChangesRequest(ChangeQuery Query);

/// <summary>Reads the log of changes, the newest first: of every caller, with what memories held before.</summary>
public sealed class ListChanges(UseCaseGuard guard, IChangeLog log) : IUseCase<ListChangesRequest, IReadOnlyList<Change>>
{
    private static readonly Operation Operation = new("log", Rights.Administer);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Change>> HandleAsync(Caller caller, ListChangesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Query.Collection, () => log.ReadChangesAsync(request.Query, cancellationToken), cancellationToken);
}
