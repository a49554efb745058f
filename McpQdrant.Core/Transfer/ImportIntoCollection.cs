using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Secrets;

namespace McpQdrant.Core.Transfer;

/// <summary>Asks for memories from elsewhere to be stored in one of the caller's collections, whatever collection they name.</summary>
/// <param name="Collection">As the caller calls it; it is made if need be.</param>
/// <param name="Progress">Hears how far it is; a total of 0 says that it isn't known.</param>
public sealed record ImportIntoCollectionRequest(CollectionName Collection, IAsyncEnumerable<ImportEntry> Entries, IProgress<BackfillProgress> Progress)
{
    public ImportConflict OnConflict { get; init; } = ImportConflict.Keep;

    /// <summary>Reads and compares everything, and stores nothing.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>Stores memories that a caller brings, as if it stored each itself: the caller is whom they are by, and they are embedded here.</summary>
/// <remarks>
/// What a file says of vectors and of fields of other programs is left out: a vector could make a text the answer to anything. <see cref="ImportMemories"/> takes
/// them, for operators.
/// </remarks>
public sealed class ImportIntoCollection(UseCaseGuard guard, SecretFilter secrets, IMemoryStore store, CollectionCatalog catalog, ChangeHistory history, TimeProvider clock)
    : IUseCase<ImportIntoCollectionRequest, ImportMemoriesResult>
{
    /// <summary>Which memories were there already is in the answer, so it reads as well.</summary>
    private static readonly Operation Adding = new("import", Rights.Write | Rights.Read, ToolName.Store);

    private static readonly Operation Replacing = new("import", Rights.Write | Rights.Read, ToolName.Update);

    /// <inheritdoc/>
    /// <exception cref="AccessDeniedException">The collection is not the caller's.</exception>
    public Task<ImportMemoriesResult> HandleAsync(Caller caller, ImportIntoCollectionRequest request, CancellationToken cancellationToken)
    {
        var operation = request.OnConflict == ImportConflict.Keep ? Adding : Replacing;
        return guard.RunAsync(caller, operation, request.Collection, [], async collection =>
        {
            if (collection.IsInaccessible)
                throw CollectionCatalog.NotAllowed(collection);

            var scope = guard.ScopeOf(caller, operation);
            var import = new ImportMemoriesRequest(request.Entries.Select(entry => AsOf(caller, entry)), request.Progress)
            {
                Collection = collection,
                OnConflict = request.OnConflict,
                IsDryRun = request.IsDryRun,
            };
            using var run = new ImportRun(import, new ImportBatches(store, catalog, scope, () => history.Begin(caller, operation), import), scope, secrets, clock);
            return await run.RunAsync(cancellationToken);
        }, cancellationToken);
    }

    private static ImportEntry AsOf(Caller caller, ImportEntry entry) =>
        entry is ImportEntry.Item item ? item with { Memory = item.Memory with { By = caller.Name, Vector = null, Others = null } } : entry;
}
