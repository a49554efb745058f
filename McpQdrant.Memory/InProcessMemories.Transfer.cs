using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.Json;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Transfer;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Memories;

/// <summary>Whole collections: an operator's work, which a caller with rights of its own may not do.</summary>
internal sealed partial class InProcessMemories
{
    /// <summary>In the audit log and in the log of changes.</summary>
    private static readonly Caller Sweeper = Caller.Local with { Name = "expiry" };

    public Task<long> ExportAsync(Stream output, ExportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return RunAsync(options, async (caller, collection) =>
        {
            IReadOnlyList<CollectionName> names = options?.AllCollections == true ? [] : [collection];
            var request = new ExportCollectionsRequest(names, output, UnwatchedProgress.Instance) { WithVectors = options?.WithVectors ?? false };
            return (await Use<ExportCollections>().HandleAsync(caller, request, cancellationToken)).Memories;
        });
    }

    public Task<ImportedMemories> ImportAsync(Stream input, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return RunAsync(options, async (caller, collection) =>
        {
            var request = new ImportMemoriesRequest(ReadAsync(input, cancellationToken), UnwatchedProgress.Instance)
            {
                Collection = options?.KeepCollections == true ? null : collection,
                DefaultCollection = collection,
                OnConflict = options?.OnConflict switch
                {
                    ImportConflict.Replace => Core.Transfer.ImportConflict.Replace,
                    ImportConflict.Newer => Core.Transfer.ImportConflict.Newer,
                    _ => Core.Transfer.ImportConflict.Keep,
                },
            };
            var imported = await Use<ImportMemories>().HandleAsync(caller, request, cancellationToken);
            return new ImportedMemories
            {
                Stored = imported.Stored,
                Replaced = imported.Replaced,
                Unchanged = imported.Present + imported.Kept + imported.Expired,
                Skipped = imported.Skipped,
                Problems = [.. imported.FirstSkipped.Select(skipped => $"{skipped.Place}: {skipped.Reason}")],
            };
        });
    }

    /// <summary>Removes what has expired, and old lines of the log of changes. A failure is logged, and tried again the next time.</summary>
    public async Task KeepUpAsync(CancellationToken cancellationToken)
    {
        if (_disposed != 0)
            return;
        try
        {
            await Use<ExpireMemories>().HandleAsync(Sweeper, new ExpireMemoriesRequest(), cancellationToken);
            if (_options.History is { } retention)
                await Use<IChangeLog>().RemoveChangesAsync(Clock.GetUtcNow() - retention, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            UpkeepFailed(Use<ILoggerFactory>().CreateLogger<InProcessMemories>(), failure);
        }
    }

    private static async IAsyncEnumerable<ImportEntry> ReadAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));
        var lines = new LineReader(pipe, MemoryLines.MaxLineBytes);
        for (var number = 1; await lines.ReadAsync(cancellationToken) is { } line; number++)
        {
            if (MemoryLines.Read(line, $"line {number}") is { } entry)
                yield return entry;
        }
        await pipe.CompleteAsync();
    }

    [LoggerMessage(LogLevel.Warning, "What has expired could not be removed")]
    private static partial void UpkeepFailed(ILogger logger, Exception failure);
}
