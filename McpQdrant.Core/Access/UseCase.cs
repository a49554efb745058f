using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Access;

/// <summary>Something that a caller can do. It asks the policy itself and writes the audit itself, so no front door can forget either.</summary>
/// <typeparam name="TRequest">What is asked, already parsed.</typeparam>
/// <typeparam name="TResult">What came of it; an <see cref="IChange"/> where memories were changed.</typeparam>
public interface IUseCase<in TRequest, TResult>
{
    /// <exception cref="AccessDeniedException">The caller may not do this. The audit log has a line on it.</exception>
    /// <exception cref="MemoryException">The caller can mend this; the message says how.</exception>
    Task<TResult> HandleAsync(Caller caller, TRequest request, CancellationToken cancellationToken);
}

/// <summary>A result of a use case that may have changed memories.</summary>
public interface IChange
{
    /// <summary>The memories that were touched.</summary>
    IReadOnlyList<MemoryId> Touched { get; }

    /// <summary>What happened to them, for the audit log, for instance <c>stored</c>; null where nothing changed.</summary>
    string? Outcome { get; }
}

/// <summary>What a use case does, as the policy and the audit log see it.</summary>
/// <param name="Name">The name in the audit log and in refusals, for instance <c>qdrant-find</c>.</param>
/// <param name="Needed">The rights it takes.</param>
/// <param name="Tool">The tool of the same effect: a caller that is limited to other tools may not do it. Null where rights alone count.</param>
public sealed record Operation(string Name, Rights Needed, ToolName? Tool = null)
{
    /// <summary>Whether it may change memories, so that a failure is worth a line in the audit log.</summary>
    public bool Changes => (Needed & (Rights.Write | Rights.Forget)) != Rights.None;

    /// <summary>Whether it is about whole collections, or the store, so that a caller who may meet only some of their memories may not do it: an operator's work, unless it says otherwise.</summary>
    public bool IsForWholeCollections { get; init; } = Needed.HasFlag(Rights.Administer);

    public static Operation Of(ToolName tool) => new(tool.ProtocolName(), tool.Needed(), tool);
}

/// <summary>Runs the work of a use case between the policy and the audit log.</summary>
public sealed class UseCaseGuard(AccessPolicy policy, AuditLog audit)
{
    /// <summary>Runs work on the collection that the caller means.</summary>
    /// <param name="asked">What the caller calls the collection.</param>
    /// <param name="ids">The memories that the request names; they are in the audit log if the work fails.</param>
    /// <param name="work">Gets the collection's name in the store, or an inaccessible one where it is not the caller's.</param>
    public async Task<TResult> RunAsync<TResult>(
        Caller caller, Operation operation, CollectionName asked, IReadOnlyList<MemoryId> ids, Func<CollectionName, Task<TResult>> work, CancellationToken cancellationToken)
    {
        policy.Demand(caller, operation);
        var collection = policy.Resolve(caller, asked, operation.Name);
        return await AuditedAsync(caller, operation, collection, ids, () => work(collection), cancellationToken);
    }

    /// <summary>Runs an operator's work: names of collections are those in the store, and no prefix is put before them.</summary>
    public async Task<TResult> RunAsync<TResult>(
        Caller caller, Operation operation, CollectionName? inStore, Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        policy.Demand(caller, operation);
        return await AuditedAsync(caller, operation, inStore, [], work, cancellationToken);
    }

    /// <summary>Which memories the work may meet.</summary>
    /// <exception cref="AccessDeniedException">None at all.</exception>
    public MemoryScope ScopeOf(Caller caller, Operation operation) => policy.ScopeOf(caller, operation);

    private async Task<TResult> AuditedAsync<TResult>(
        Caller caller, Operation operation, CollectionName? collection, IReadOnlyList<MemoryId> ids, Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        try
        {
            var result = await work();
            if (result is IChange { Outcome: { } outcome } change)
                audit.Changed(caller.Name, operation.Name, collection, change.Touched, outcome);
            return result;
        }
        catch (Exception failure) when (operation.Changes && failure is not OutOfScopeException && !(failure is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            audit.Failed(caller.Name, operation.Name, collection, ids);
            throw;
        }
    }
}
