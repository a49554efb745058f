using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Secrets;

namespace McpQdrant.Core.Transfer;

/// <summary>Asks for memories from elsewhere to be stored.</summary>
/// <param name="Entries">What there is to import. Where <see cref="IsStrict"/>, it is read twice.</param>
/// <param name="Progress">Hears how far it is; a total of 0 says that it isn't known.</param>
public sealed record ImportMemoriesRequest(IAsyncEnumerable<ImportEntry> Entries, IProgress<BackfillProgress> Progress)
{
    /// <summary>Where all of them go, by its name in the store; null for the collections that the headers name.</summary>
    public CollectionName? Collection { get; init; }

    /// <summary>Where memories go that no header stands before; null to refuse them.</summary>
    public CollectionName? DefaultCollection { get; init; }

    public ImportConflict OnConflict { get; init; } = ImportConflict.Keep;

    /// <summary>Put before each key of the metadata; null for nothing.</summary>
    public string? MetadataPrefix { get; init; }

    /// <summary>Reads and compares everything, and stores nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Stores nothing unless every entry can be stored.</summary>
    public bool IsStrict { get; init; }
}

/// <summary>What becomes of a memory whose id is taken by another content.</summary>
public enum ImportConflict
{
    /// <summary>What is in the store stays.</summary>
    Keep,

    /// <summary>What is imported takes its place.</summary>
    Replace,

    /// <summary>Whichever was changed later stays.</summary>
    Newer,
}

/// <summary>What became of what was read; in a dry run, what would have.</summary>
public sealed record ImportMemoriesResult : IChange
{
    /// <summary>The collections that memories went to.</summary>
    public required IReadOnlyList<CollectionName> Collections { get; init; }

    /// <summary>Memories that were not there before.</summary>
    public required long Stored { get; init; }

    /// <summary>Memories that took the place of what was there.</summary>
    public required long Replaced { get; init; }

    /// <summary>Memories that were there already, the same.</summary>
    public required long Present { get; init; }

    /// <summary>Memories whose ids were taken by another content, which stays.</summary>
    public required long Kept { get; init; }

    /// <summary>Entries that can't be stored.</summary>
    public required long Skipped { get; init; }

    /// <summary>The first of them, with the reason.</summary>
    public required IReadOnlyList<ImportEntry.Unreadable> FirstSkipped { get; init; }

    /// <summary>Memories that had expired before they came, and were left out.</summary>
    public required long Expired { get; init; }

    /// <summary>Memories that the headers count and that did not come: the file may have been cut.</summary>
    public required long Missing { get; init; }

    public required bool IsDryRun { get; init; }

    public long Read => Stored + Replaced + Present + Kept + Skipped + Expired;

    public IReadOnlyList<MemoryId> Touched => [];

    public string? Outcome => IsDryRun ? null : $"imported {Stored}, replaced {Replaced}";
}

/// <summary>Stores memories that were exported, or that come from another program. What is there already stays, so an interrupted import is run again.</summary>
public sealed class ImportMemories(UseCaseGuard guard, SecretFilter secrets, IMemoryStore store, CollectionCatalog catalog, ChangeHistory history, TimeProvider clock)
    : IUseCase<ImportMemoriesRequest, ImportMemoriesResult>
{
    private static readonly Operation Operation = new("import", Rights.Write | Rights.Administer) { IsForWholeCollections = false };

    /// <inheritdoc/>
    /// <exception cref="MemoryException">The store or the model doesn't work, a collection can't take the memories, or a strict import met one that can't be stored.</exception>
    public Task<ImportMemoriesResult> HandleAsync(Caller caller, ImportMemoriesRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Collection, async () =>
        {
            if (request.IsStrict && !request.IsDryRun)
            {
                var tried = await RunAsync(caller, request with { IsDryRun = true }, cancellationToken);
                if (tried.Skipped > 0)
                    return tried;
            }
            return await RunAsync(caller, request, cancellationToken);
        }, cancellationToken);

    private async Task<ImportMemoriesResult> RunAsync(Caller caller, ImportMemoriesRequest request, CancellationToken cancellationToken)
    {
        var scope = guard.ScopeOf(caller, Operation);
        using var run = new ImportRun(request, new ImportBatches(store, catalog, scope, () => history.Begin(caller, Operation), request), scope, secrets, clock);
        return await run.RunAsync(cancellationToken);
    }
}
