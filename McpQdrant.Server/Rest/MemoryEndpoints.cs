using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Server.Rest.Answers;
using McpQdrant.Server.Rest.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace McpQdrant.Server.Rest;

/// <summary>The memories of a collection, one by one and as a list.</summary>
internal sealed class MemoryEndpoints(
    AccessPolicy policy, ListMemories list, GetMemory get, StoreMemory store, UpdateMemory update, ForgetMemories forget)
{
    /// <summary>A page ends where its texts are longer than this together, in UTF-16 units; one memory it has always.</summary>
    private const int MaxPageLength = 8 * 1024 * 1024;

    private const string One = "/collections/{collection}/memories/{id}";

    private const string All = "/collections/{collection}/memories";

    public void Map(RouteGroupBuilder group)
    {
        group.MapGet(All, ListAsync).MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict).WithName("listMemories").WithSummary("The memories of a collection, the newest first");
        group.MapPost(All, StoreAsync).Takes<StoreBody>().MayFail(StatusCodes.Status409Conflict).WithName("storeMemory").WithSummary("Keeps a text; makes the collection where there is none");
        group.MapGet(One, GetAsync).MayFail(StatusCodes.Status404NotFound).WithName("getMemory").WithSummary("One memory");
        group.MapPatch(One, UpdateAsync).Takes<UpdateBody>().MayFail(StatusCodes.Status404NotFound, StatusCodes.Status412PreconditionFailed).WithName("updateMemory").WithSummary("Corrects a memory under its id");
        group.MapDelete(One, DeleteAsync).MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status412PreconditionFailed).WithName("forgetMemory").WithSummary("Deletes a memory");
    }

    private async Task<Ok<MemoryPage>> ListAsync(
        HttpContext context, string collection, string? limit, string? cursor, string? since, string? until, string? metadata, string? filter)
    {
        var listed = await list.HandleAsync(
            policy.CallerOf(context.User),
            new ListMemoriesRequest(Asked.Collection(collection), Asked.Limit(limit), Asked.Filter(filter))
            {
                Metadata = Asked.Metadata(metadata),
                Since = since,
                Until = until,
                After = Cursor.Read(cursor),
            },
            context.RequestAborted);
        if (listed.Collection.Problem is { } problem)
            throw new RestException(StatusCodes.Status409Conflict, problem);

        var (shown, length) = (0, 0L);
        while (shown < listed.Memories.Count && (shown == 0 || length + listed.Memories[shown].Text.Length <= MaxPageLength))
            length += listed.Memories[shown++].Text.Length;
        return TypedResults.Ok(new MemoryPage
        {
            Memories = [.. listed.Memories.Take(shown).Select(MemoryAnswer.Of)],
            NextCursor = Cursor.Of(shown < listed.Memories.Count ? ListPosition.Of(listed.Memories[shown - 1]) : listed.Next),
        });
    }

    private async Task<Ok<MemoryAnswer>> GetAsync(HttpContext context, string collection, string id)
    {
        var memory = await get.HandleAsync(policy.CallerOf(context.User), new GetMemoryRequest(Asked.Collection(collection), Asked.Id(id)), context.RequestAborted);
        return TypedResults.Ok(Tagged(context, MemoryAnswer.Of(memory)));
    }

    private async Task<Results<Created<MemoryAnswer>, Ok<MemoryAnswer>>> StoreAsync(HttpContext context, string collection)
    {
        var body = await RestBody.ReadAsync(context, RestJson.Default.StoreBody);
        var (caller, name) = (policy.CallerOf(context.User), CollectionName.Parse(collection));
        var stored = await store.HandleAsync(caller, new StoreMemoryRequest(name, Asked.Text(body.Text), Asked.Metadata(body.Metadata), body.Force, body.Expires), context.RequestAborted);
        if (stored.Duplicate is { } duplicate)
        {
            throw new RestException(
                StatusCodes.Status409Conflict,
                $"Nothing was stored: memory {duplicate.Memory.Id} says nearly the same (similarity {duplicate.Similarity:F3}). Correct that one, or store this one all the same with \"force\": true.")
            { Memory = duplicate.Memory.Id.ToString() };
        }

        var answer = await ReadAgainAsync(context, caller, name, stored.Memory!);
        return stored.IsNew
            ? TypedResults.Created($"{RestApi.Path}/collections/{Uri.EscapeDataString(collection)}/memories/{stored.Id}", answer)
            : TypedResults.Ok(answer);
    }

    private async Task<Ok<MemoryAnswer>> UpdateAsync(HttpContext context, string collection, string id, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        var body = await RestBody.ReadAsync(context, RestJson.Default.UpdateBody);
        if (body is { Text: null, Metadata: null, ReplaceMetadata: false, Expires: null })
            throw new MemoryException("Nothing to change: give 'text', 'metadata' or 'expires'.");

        var (caller, name) = (policy.CallerOf(context.User), Asked.Collection(collection));
        var request = new UpdateMemoryRequest(name, Asked.Id(id), body.Text is null ? null : Asked.Text(body.Text), Asked.Metadata(body.Metadata), body.ReplaceMetadata, body.Expires)
        {
            IsExpected = EntityTag.Condition(ifMatch),
        };
        var updated = await update.HandleAsync(caller, request, context.RequestAborted);
        return TypedResults.Ok(await ReadAgainAsync(context, caller, name, updated.Memory));
    }

    private async Task<NoContent> DeleteAsync(HttpContext context, string collection, string id, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        var (name, memory) = (Asked.Collection(collection), Asked.Id(id));
        var forgotten = await forget.HandleAsync(
            policy.CallerOf(context.User), new ForgetMemoriesRequest(name, [memory]) { IsExpected = EntityTag.Condition(ifMatch) }, context.RequestAborted);
        return forgotten.Deleted > 0 ? TypedResults.NoContent() : throw new NotThereException($"There is no memory {memory} in '{name}'.");
    }

    /// <summary>The memory as it is in the store, with its tag, for callers who may read; for others, and where it is gone already, as it was written.</summary>
    private async Task<MemoryAnswer> ReadAgainAsync(HttpContext context, Caller caller, CollectionName collection, Memory written)
    {
        if (!policy.Has(caller, Rights.Read))
            return MemoryAnswer.Past(written);
        try
        {
            return Tagged(context, MemoryAnswer.Of(await get.HandleAsync(caller, new GetMemoryRequest(collection, written.Id), context.RequestAborted)));
        }
        catch (NotThereException)
        {
            return MemoryAnswer.Past(written);
        }
    }

    private static MemoryAnswer Tagged(HttpContext context, MemoryAnswer memory)
    {
        context.Response.Headers.ETag = memory.Etag;
        return memory;
    }
}

internal sealed record StoreBody
{
    public required string Text { get; init; }

    /// <summary>Facts about the text to filter by: an object.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Forgotten then: 30d, 2026-12-31; never.</summary>
    public string? Expires { get; init; }

    /// <summary>Keeps the text also where a memory very like it is there.</summary>
    public bool Force { get; init; }
}

internal sealed record UpdateBody
{
    /// <summary>The new text, whole.</summary>
    public string? Text { get; init; }

    /// <summary>Fields to set; null removes one.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Puts the metadata in place of all that was there.</summary>
    public bool ReplaceMetadata { get; init; }

    /// <summary>Forgotten then: 30d, 2026-12-31; never.</summary>
    public string? Expires { get; init; }
}
