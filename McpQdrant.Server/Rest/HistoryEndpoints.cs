using McpQdrant.Core.Access;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Rest.Answers;
using McpQdrant.Server.Rest.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpQdrant.Server.Rest;

/// <summary>What was changed, by whom, and what was there before; and back to it.</summary>
internal sealed class HistoryEndpoints(AccessPolicy policy, ReadHistory read, UndoCollectionChanges undo)
{
    private const int MaxChanges = 1000;

    public void Map(RouteGroupBuilder group)
    {
        group.MapGet("/collections/{collection}/changes", ReadAsync).MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound).WithName("listChanges").WithSummary("What was changed and deleted, the newest first");
        group.MapPost("/collections/{collection}/undo", UndoAsync).Takes<UndoBody>().MayFail(StatusCodes.Status404NotFound).WithName("undo").WithSummary("Takes changes back, or says what that would do");
    }

    private async Task<Ok<HistoryAnswer>> ReadAsync(HttpContext context, string collection, string? memory, string? by, string? since, string? limit)
    {
        var changes = await read.HandleAsync(
            policy.CallerOf(context.User),
            new ReadHistoryRequest(Asked.Collection(collection), Asked.Limit(limit))
            {
                Memory = Asked.OptionalId(memory),
                By = string.IsNullOrEmpty(by) ? null : by,
                Since = string.IsNullOrEmpty(since) ? null : since,
            },
            context.RequestAborted);
        return TypedResults.Ok(new HistoryAnswer { Changes = [.. changes.Select(ChangeAnswer.Of)] });
    }

    private async Task<Ok<UndoAnswer>> UndoAsync(HttpContext context, string collection)
    {
        var body = await RestBody.ReadAsync(context, RestJson.Default.UndoBody);
        if (body.Changes.Count is 0 or > MaxChanges)
            throw new MemoryException($"Give the ids of 1 to {MaxChanges:N0} changes.");

        var undone = await undo.HandleAsync(
            policy.CallerOf(context.User), new UndoCollectionChangesRequest(Asked.Collection(collection), Asked.Changes(body.Changes), body.DryRun), context.RequestAborted);
        return TypedResults.Ok(new UndoAnswer { Memories = [.. undone.Memories.Select(UndoneAnswer.Of)], Change = undone.UndoneBy?.ToString() });
    }
}

internal sealed record HistoryAnswer
{
    public required IReadOnlyList<ChangeAnswer> Changes { get; init; }
}

/// <summary>What one change did to one memory.</summary>
internal sealed record ChangeAnswer
{
    /// <summary>The id of the change; one change may be of many memories.</summary>
    public required string Change { get; init; }

    public required DateTime At { get; init; }

    public required string By { get; init; }

    /// <summary>By what it was made, for instance qdrant-update.</summary>
    public required string Operation { get; init; }

    /// <summary>The memory's id.</summary>
    public required string Memory { get; init; }

    /// <summary>What became of the memory: created, updated or deleted.</summary>
    public required string Kind { get; init; }

    /// <summary>The memory as it was before; not where there was none.</summary>
    public MemoryAnswer? Before { get; init; }

    public static ChangeAnswer Of(Change change) => new()
    {
        Change = change.Origin.Id.ToString(),
        At = change.Origin.At.UtcDateTime,
        By = change.Origin.By,
        Operation = change.Origin.Operation,
        Memory = change.Memory.ToString(),
        Kind = change.Before is null ? "created" : change.After is null ? "deleted" : "updated",
        Before = change.Before is { } before ? MemoryAnswer.Past(before.Memory) : null,
    };
}

internal sealed record UndoBody
{
    /// <summary>Ids of changes.</summary>
    public required IReadOnlyList<string> Changes { get; init; }

    /// <summary>Only says what would happen.</summary>
    public bool DryRun { get; init; }
}

internal sealed record UndoAnswer
{
    public required IReadOnlyList<UndoneAnswer> Memories { get; init; }

    /// <summary>The undo itself, which is a change too; not where nothing was changed.</summary>
    public string? Change { get; init; }
}

internal sealed record UndoneAnswer
{
    public required string Id { get; init; }

    /// <summary>undone, alreadyAsBefore, changedSince (and left alone) or partlyUndone.</summary>
    public required string Outcome { get; init; }

    /// <summary>The memory as it is afterwards, or would be; not where there is none.</summary>
    public MemoryAnswer? Memory { get; init; }

    public static UndoneAnswer Of(UndoneMemory undone) => new()
    {
        Id = undone.Id.ToString(),
        Outcome = undone.Outcome switch
        {
            UndoOutcome.Undone => "undone",
            UndoOutcome.AlreadyAsBefore => "alreadyAsBefore",
            UndoOutcome.ChangedSince => "changedSince",
            _ => "partlyUndone",
        },
        Memory = undone.Now is { } now ? MemoryAnswer.Past(now) : null,
    };
}
