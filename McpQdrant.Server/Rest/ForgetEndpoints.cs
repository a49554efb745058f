using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Server.Rest.Answers;
using McpQdrant.Server.Rest.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpQdrant.Server.Rest;

/// <summary>Deletes several memories: by ids at once, by a filter in two steps, a preview and its code.</summary>
internal sealed class ForgetEndpoints(AccessPolicy policy, PreviewForget preview, ForgetMemories forget)
{
    private const int MaxIds = 10_000;

    public void Map(RouteGroupBuilder group)
    {
        group.MapPost("/collections/{collection}/forget/preview", PreviewAsync).Takes<PreviewBody>().MayFail(StatusCodes.Status404NotFound)
            .WithName("previewForget").WithSummary("Shows what would be deleted, and gives a code for just that");
        group.MapPost("/collections/{collection}/forget", ForgetAsync).Takes<ForgetBody>().MayFail(StatusCodes.Status404NotFound)
            .WithName("forget").WithSummary("Deletes memories by their ids, or what a preview showed by its code");
    }

    private async Task<Ok<PreviewAnswer>> PreviewAsync(HttpContext context, string collection)
    {
        var body = await RestBody.ReadAsync(context, RestJson.Default.PreviewBody);
        var (ids, filter) = (Ids(body.Ids), Asked.Filter(body.Filter));
        if (filter is null == (ids.Count == 0))
            throw new MemoryException("Give one of 'ids' and 'filter', and a filter with at least one condition.");

        var shown = await preview.HandleAsync(
            policy.CallerOf(context.User),
            new PreviewForgetRequest(Asked.Collection(collection), filter ?? new Filter { Must = [Condition.HasId(ids.Select(id => id.Point))] }),
            context.RequestAborted);
        return TypedResults.Ok(new PreviewAnswer
        {
            Count = shown.Count,
            Memories = [.. shown.Sample.Select(MemoryAnswer.Of)],
            Code = shown.Code,
            CodeExpiresAt = shown.ExpiresAt?.UtcDateTime,
            NeedsSelection = shown.NeedsFilter,
        });
    }

    private async Task<Ok<ForgetAnswer>> ForgetAsync(HttpContext context, string collection)
    {
        var body = await RestBody.ReadAsync(context, RestJson.Default.ForgetBody);
        var (ids, filter) = (Ids(body.Ids), Asked.Filter(body.Filter));
        if (ids.Count > 0 && filter is not null || body.Code is null && ids.Count == 0)
            throw new MemoryException("Give 'ids', or the 'code' of a preview, with the same 'ids' or 'filter' where the preview said so.");

        var forgotten = await forget.HandleAsync(
            policy.CallerOf(context.User), new ForgetMemoriesRequest(Asked.Collection(collection), ids, body.Code, filter), context.RequestAborted);
        return TypedResults.Ok(new ForgetAnswer { Deleted = forgotten.Deleted, Changed = forgotten.Changed, Change = forgotten.Change?.ToString() });
    }

    private static IReadOnlyList<MemoryId> Ids(IReadOnlyList<string>? ids) => ids?.Count > MaxIds
        ? throw new MemoryException($"These are more than {MaxIds:N0} ids. Delete them in several steps.")
        : Asked.Ids(ids);
}

internal sealed record PreviewBody
{
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>A filter in Qdrant's language.</summary>
    public JsonElement? Filter { get; init; }
}

internal sealed record PreviewAnswer
{
    /// <summary>How many would go.</summary>
    public required int Count { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<MemoryAnswer> Memories { get; init; }

    /// <summary>Deletes just these, as they are; not where there are none.</summary>
    public string? Code { get; init; }

    public DateTime? CodeExpiresAt { get; init; }

    /// <summary>Whether the ids or the filter have to be given again with the code.</summary>
    public required bool NeedsSelection { get; init; }
}

internal sealed record ForgetBody
{
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The filter of the preview.</summary>
    public JsonElement? Filter { get; init; }

    /// <summary>From a preview.</summary>
    public string? Code { get; init; }
}

internal sealed record ForgetAnswer
{
    public required long Deleted { get; init; }

    /// <summary>Those that were changed by others in the moment before, and stay.</summary>
    public required long Changed { get; init; }

    /// <summary>The change by which it can be undone.</summary>
    public string? Change { get; init; }
}
