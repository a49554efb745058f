using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Transfer;

/// <summary>Asks for collections as lines of JSON.</summary>
/// <param name="Names">Their names in the store, prefix included; none for all that there are.</param>
/// <param name="Output">Is written to, and stays open.</param>
/// <param name="Progress">Hears how far it is.</param>
public sealed record ExportCollectionsRequest(IReadOnlyList<CollectionName> Names, Stream Output, IProgress<BackfillProgress> Progress)
{
    /// <summary>What a memory must satisfy; null for all.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Only what was stored or changed at this time or later; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether the lines have the memories' vectors.</summary>
    public bool WithVectors { get; init; }
}

/// <summary>What was written.</summary>
public sealed record ExportCollectionsResult(IReadOnlyList<CollectionName> Collections, long Memories);

/// <summary>Writes the memories of collections as <see cref="MemoryLines"/>, by id. The model is not needed for it.</summary>
/// <remarks>Each memory is written as it was at one moment; one that is stored or deleted meanwhile is in the file or not.</remarks>
public sealed class ExportCollections(UseCaseGuard guard, IMemoryStore store, CollectionDefaults defaults, TimeProvider clock)
    : IUseCase<ExportCollectionsRequest, ExportCollectionsResult>
{
    private static readonly Operation Operation = new("export", Rights.Read | Rights.Administer) { IsForWholeCollections = false };

    /// <inheritdoc/>
    /// <exception cref="MemoryException">There is no such collection, or none at all.</exception>
    public Task<ExportCollectionsResult> HandleAsync(Caller caller, ExportCollectionsRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Names is [var only] ? only : null, () => ExportAsync(request, guard.ScopeOf(caller, Operation), cancellationToken), cancellationToken);

    private async Task<ExportCollectionsResult> ExportAsync(ExportCollectionsRequest request, MemoryScope scope, CancellationToken cancellationToken)
    {
        // All are looked at before anything is written: a name that is wrong leaves no half of a file.
        var sources = await ExportSource.FindAsync(store, defaults, scope, request.Names, FilterOf(request), cancellationToken);
        var total = sources.Sum(source => source.Header.Memories);
        var written = 0L;
        foreach (var source in sources)
        {
            var before = written;
            written += await source.WriteAsync(
                store, request.Output, request.WithVectors, clock.GetUtcNow(), count => request.Progress.Report(new BackfillProgress(before + count, Math.Max(before + count, total))), cancellationToken);
        }
        await request.Output.FlushAsync(cancellationToken);
        request.Progress.Report(new BackfillProgress(written, written));
        return new ExportCollectionsResult([.. sources.Select(source => source.Layout.Name)], written);
    }

    private static Filter? FilterOf(ExportCollectionsRequest request)
    {
        if (request.Since is not { } since)
            return request.Filter;

        var sinceThen = Condition.Between(CollectionLayout.StoredAtField, since, to: null);
        return new Filter { Must = request.Filter is { } filter ? [sinceThen, filter] : [sinceThen] };
    }
}
