using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Rest.Answers;
using McpQdrant.Server.Rest.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpQdrant.Server.Rest;

/// <summary>What bears on a question, as agents find it.</summary>
internal sealed class SearchEndpoints(AccessPolicy policy, FindMemories find)
{
    public void Map(RouteGroupBuilder group)
    {
        group.MapPost("/search", (Delegate)SearchAllAsync).Takes<SearchBody>().WithName("searchAll").WithSummary("Searches all collections that the caller may read");
        group.MapPost("/collections/{collection}/search", SearchAsync).Takes<SearchBody>().MayFail(StatusCodes.Status404NotFound).WithName("search").WithSummary("Searches a collection");
    }

    private Task<Ok<SearchAnswer>> SearchAllAsync(HttpContext context) => FindAsync(context, collection: null);

    private Task<Ok<SearchAnswer>> SearchAsync(HttpContext context, string collection) => FindAsync(context, Asked.Collection(collection));

    private async Task<Ok<SearchAnswer>> FindAsync(HttpContext context, CollectionName? collection)
    {
        var body = await RestBody.ReadAsync(context, RestJson.Default.SearchBody);
        var found = await find.HandleAsync(
            policy.CallerOf(context.User),
            new FindMemoriesRequest(collection, string.IsNullOrWhiteSpace(body.Query) ? null : body.Query, Asked.Filter(body.Filter))
            {
                Metadata = Asked.Metadata(body.Metadata),
                Since = body.Since,
                Until = body.Until,
                Limit = body.Limit,
            },
            context.RequestAborted);
        if (collection is { } asked && !found.CollectionExists)
            throw new NotThereException($"There is no collection '{asked}'.");

        return TypedResults.Ok(new SearchAnswer
        {
            Hits = [.. found.Hits.Select(HitAnswer.Of)],
            Mode = found.Mode?.ToString().ToLowerInvariant(),
            Collections = collection is null && !found.CollectionExists ? 0 : found.Collections,
            CollectionsLeftOut = found.CollectionsLeftOut,
            Unusable = [.. found.Unusable.Select(one => new UnusableCollection { Name = one.Name.ToString(), Problem = one.Reason })],
            MissingFields = found.MissingFields,
        });
    }
}

internal sealed record SearchBody
{
    /// <summary>The question; without it, the newest memories.</summary>
    public string? Query { get; init; }

    /// <summary>How many hits at most, from 1 to 50.</summary>
    public long? Limit { get; init; }

    /// <summary>Only what was first stored since then: 2026-01-31, 7d.</summary>
    public string? Since { get; init; }

    /// <summary>Only what was first stored until then.</summary>
    public string? Until { get; init; }

    /// <summary>Values that fields of the metadata must have.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>A filter in Qdrant's language.</summary>
    public JsonElement? Filter { get; init; }
}

internal sealed record SearchAnswer
{
    /// <summary>The best first.</summary>
    public required IReadOnlyList<HitAnswer> Hits { get; init; }

    /// <summary>How was searched: hybrid, dense or keyword; not for the newest memories.</summary>
    public string? Mode { get; init; }

    /// <summary>How many collections were searched.</summary>
    public required int Collections { get; init; }

    /// <summary>How many were left out, because there are too many.</summary>
    public required int CollectionsLeftOut { get; init; }

    /// <summary>Those that could not be searched.</summary>
    public required IReadOnlyList<UnusableCollection> Unusable { get; init; }

    /// <summary>Where nothing was found: fields that the filter asks for and no memory has.</summary>
    public required IReadOnlyList<string> MissingFields { get; init; }
}

internal sealed record UnusableCollection
{
    public required string Name { get; init; }

    public required string Problem { get; init; }
}

internal sealed record HitAnswer
{
    public required MemoryAnswer Memory { get; init; }

    public required string Collection { get; init; }

    /// <summary>What the order goes by; comparable within one answer only.</summary>
    public required double Score { get; init; }

    /// <summary>Between question and memory, where they were compared.</summary>
    public double? Similarity { get; init; }

    /// <summary>1 for the best match by words, and so on.</summary>
    public int? KeywordRank { get; init; }

    /// <summary>Which part of a long text matched.</summary>
    public PassageAnswer? Passage { get; init; }

    public static HitAnswer Of(FoundHit found) => new()
    {
        Memory = MemoryAnswer.Of(found.Memory),
        Collection = found.Collection.ToString(),
        Score = found.Hit.Score,
        Similarity = found.Hit.Similarity,
        KeywordRank = found.Hit.KeywordRank,
        Passage = found.Hit.Passage is { } passage ? new PassageAnswer { Text = passage.Text, Start = passage.Start, End = passage.End } : null,
    };
}

/// <summary>A part of a text.</summary>
internal sealed record PassageAnswer
{
    public required string Text { get; init; }

    /// <summary>In UTF-16 units, as the end, which is the unit after its last one.</summary>
    public required int Start { get; init; }

    public required int End { get; init; }
}
