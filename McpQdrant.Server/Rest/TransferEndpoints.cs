using System.Text.Json;
using System.Threading.Channels;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Http;
using McpQdrant.Server.Rest.OpenApi;
using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Rest;

/// <summary>Takes memories along, and brings them: the lines that the command <c>export</c> writes, and any file that <c>import</c> reads.</summary>
internal sealed partial class TransferEndpoints(AccessPolicy policy, ExportMemories export, ImportIntoCollection import, ILogger<TransferEndpoints> logger)
{
    public const string Lines = "application/x-ndjson";

    public void Map(RouteGroupBuilder group)
    {
        group.MapGet("/collections/{collection}/export", ExportAsync).MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound)
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [Lines])).WithName("export").WithSummary("The memories of a collection as lines of JSON, which import takes");
        group.MapPost("/collections/{collection}/import", ImportAsync).WithMetadata(EndpointKind.Upload.Instance)
            .MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge)
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(ImportAnswer), ["application/json"]))
            .WithName("import").WithSummary("Stores the memories of a file: what export wrote, or another program; what it is, is seen by its first bytes and its name");
    }

    private async Task ExportAsync(HttpContext context, string collection, string? since, string? until, string? metadata, string? filter)
    {
        var name = Asked.Collection(collection);
        context.Response.ContentType = Lines;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{name}.jsonl");
        context.Response.Headers.ContentDisposition = disposition.ToString();
        await export.HandleAsync(
            policy.CallerOf(context.User),
            new ExportMemoriesRequest(name, context.Response.Body) { Filter = Asked.Filter(filter), Metadata = Asked.Metadata(metadata), Since = since, Until = until },
            context.RequestAborted);
    }

    private async Task ImportAsync(HttpContext context, string collection, string? name, string? onConflict, string? dryRun, string? map, string? split)
    {
        var (caller, target, conflict, isDryRun) = (policy.CallerOf(context.User), CollectionName.Parse(collection), Conflict(onConflict), Flag("dryRun", dryRun));
        // Of nothing, so that no file of somebody who may not is kept, even for a moment.
        await import.HandleAsync(
            caller, new ImportIntoCollectionRequest(target, AsyncEnumerable.Empty<ImportEntry>(), UnwatchedProgress.Instance) { OnConflict = conflict, IsDryRun = true }, context.RequestAborted);

        await using var file = await UploadedFile.TakeAsync(context, name);
        Task<ImportMemoriesResult> RunAsync(IProgress<BackfillProgress> progress) => file.ReadAsync(
            map, Flag("split", split),
            entries => import.HandleAsync(caller, new ImportIntoCollectionRequest(target, entries, progress) { OnConflict = conflict, IsDryRun = isDryRun }, context.RequestAborted),
            context.RequestAborted);

        if (context.Request.GetTypedHeaders().Accept.Any(range => range.MediaType.Equals(Lines, StringComparison.OrdinalIgnoreCase)))
            await WriteProgressAsync(context, file, RunAsync);
        else
            await context.Response.WriteAsJsonAsync(ImportAnswer.Of(await RunAsync(UnwatchedProgress.Instance), file), RestJson.Default.ImportAnswer, contentType: "application/json", context.RequestAborted);
    }

    /// <summary>A line now and then on how far it is; the last one has the report, or the problem, since the status has gone out by then.</summary>
    private async Task WriteProgressAsync(HttpContext context, UploadedFile file, Func<IProgress<BackfillProgress>, Task<ImportMemoriesResult>> run)
    {
        var steps = Channel.CreateBounded<BackfillProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var running = RunAsync();
        context.Response.ContentType = Lines;
        await foreach (var step in steps.Reader.ReadAllAsync(context.RequestAborted))
            await WriteLineAsync(context, new ImportLine { Read = step.Done, Total = step.Total == 0 ? null : step.Total });
        try
        {
            await WriteLineAsync(context, new ImportLine { Report = ImportAnswer.Of(await running, file) });
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested)
        {
            var (status, sentence) = RestErrors.StatusOf(failure);
            if (status == StatusCodes.Status500InternalServerError)
                Failed(failure);
            await WriteLineAsync(context, new ImportLine { Problem = Problem.Of(status, sentence) });
        }

        async Task<ImportMemoriesResult> RunAsync()
        {
            try
            {
                return await run(new Steps(steps.Writer));
            }
            finally
            {
                steps.Writer.Complete();
            }
        }
    }

    private static async Task WriteLineAsync(HttpContext context, ImportLine line)
    {
        await JsonSerializer.SerializeAsync(context.Response.Body, line, RestJson.Default.ImportLine, context.RequestAborted);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static ImportConflict Conflict(string? asked) => asked switch
    {
        null or "" or "keep" => ImportConflict.Keep,
        "replace" => ImportConflict.Replace,
        "newer" => ImportConflict.Newer,
        _ => throw new MemoryException("'onConflict' is what becomes of a memory whose id is taken by another content: keep, replace or newer."),
    };

    private static bool Flag(string name, string? asked) => asked switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => throw new MemoryException($"'{name}' is true or false."),
    };

    [LoggerMessage(LogLevel.Error, "An import failed")]
    private partial void Failed(Exception failure);

    /// <summary>Hands on the newest step; those that nobody took in time are left out.</summary>
    private sealed class Steps(ChannelWriter<BackfillProgress> writer) : IProgress<BackfillProgress>
    {
        public void Report(BackfillProgress value) => writer.TryWrite(value);
    }
}

/// <summary>A line of an import that tells of its progress.</summary>
internal sealed record ImportLine
{
    /// <summary>Entries of the file that were read so far.</summary>
    public long? Read { get; init; }

    /// <summary>How many there are, where the file says so.</summary>
    public long? Total { get; init; }

    public ImportAnswer? Report { get; init; }

    public Problem? Problem { get; init; }
}

/// <summary>What became of what was read; in a dry run, what would have.</summary>
internal sealed record ImportAnswer
{
    /// <summary>What the file was taken for.</summary>
    public required string Format { get; init; }

    /// <summary>Memories that were not there before.</summary>
    public required long Stored { get; init; }

    /// <summary>Memories that took the place of what was there.</summary>
    public required long Replaced { get; init; }

    /// <summary>Memories that were there already, the same.</summary>
    public required long Present { get; init; }

    /// <summary>Memories whose ids were taken by another content, which stays.</summary>
    public required long Kept { get; init; }

    /// <summary>Memories that had expired before they came, and were left out.</summary>
    public required long Expired { get; init; }

    /// <summary>Entries that can't be stored.</summary>
    public required long Skipped { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<SkippedEntry> FirstSkipped { get; init; }

    /// <summary>Memories that the file counts and that did not come: it may have been cut.</summary>
    public required long Missing { get; init; }

    public required bool DryRun { get; init; }

    public static ImportAnswer Of(ImportMemoriesResult imported, UploadedFile file) => new()
    {
        Format = file.Format,
        Stored = imported.Stored,
        Replaced = imported.Replaced,
        Present = imported.Present,
        Kept = imported.Kept,
        Expired = imported.Expired,
        Skipped = imported.Skipped,
        FirstSkipped = [.. imported.FirstSkipped.Select(skipped => new SkippedEntry { Place = file.Hide(skipped.Place), Reason = file.Hide(skipped.Reason) })],
        Missing = imported.Missing,
        DryRun = imported.IsDryRun,
    };
}

internal sealed record SkippedEntry
{
    /// <summary>Where it stands in the file, for instance line 3.</summary>
    public required string Place { get; init; }

    public required string Reason { get; init; }
}
