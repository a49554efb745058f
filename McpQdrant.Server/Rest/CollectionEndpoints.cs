using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Rest.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpQdrant.Server.Rest;

/// <summary>Which collections there are for a caller.</summary>
internal sealed class CollectionEndpoints(AccessPolicy policy, ListCollections list, ListMemories memories)
{
    public void Map(RouteGroupBuilder group)
    {
        group.MapGet("/collections", (Delegate)ListAsync).WithName("listCollections").WithSummary("The collections that the caller may read");
        group.MapGet("/collections/{collection}", GetAsync).MayFail(StatusCodes.Status404NotFound).WithName("getCollection").WithSummary("One collection");
    }

    private async Task<Ok<CollectionsAnswer>> ListAsync(HttpContext context)
    {
        var entries = await list.HandleAsync(policy.CallerOf(context.User), new ListCollectionsRequest(), context.RequestAborted);
        return TypedResults.Ok(new CollectionsAnswer { Collections = [.. entries.Select(CollectionAnswer.Of)] });
    }

    private async Task<Ok<CollectionAnswer>> GetAsync(HttpContext context, string collection)
    {
        var listed = await memories.HandleAsync(policy.CallerOf(context.User), new ListMemoriesRequest(Asked.Collection(collection), Limit: 0), context.RequestAborted);
        return TypedResults.Ok(CollectionAnswer.Of(listed.Collection));
    }
}

internal sealed record CollectionsAnswer
{
    public required IReadOnlyList<CollectionAnswer> Collections { get; init; }
}

internal sealed record CollectionAnswer
{
    public required string Name { get; init; }

    /// <summary>How many of its memories the caller may meet.</summary>
    public required long Memories { get; init; }

    /// <summary>The model that wrote it, where that is written down.</summary>
    public string? Model { get; init; }

    /// <summary>Numbers in a vector.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How it is searched: hybrid (by meaning and by words) or dense (by meaning).</summary>
    public string? Search { get; init; }

    /// <summary>Whether memories may expire in it.</summary>
    public required bool Expires { get; init; }

    /// <summary>Why it can't be used.</summary>
    public string? Problem { get; init; }

    public static CollectionAnswer Of(CollectionEntry entry) => new()
    {
        Name = entry.Name.ToString(),
        Memories = entry.Points,
        Model = entry.Model,
        Dimensions = entry.Dimensions,
        Search = entry.Mode?.ToString().ToLowerInvariant(),
        Expires = entry.Expires,
        Problem = entry.Problem,
    };
}
