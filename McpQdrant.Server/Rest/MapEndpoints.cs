using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Rest.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpQdrant.Server.Rest;

/// <summary>The memories of a collection as points of a plane.</summary>
internal sealed class MapEndpoints(AccessPolicy policy, MapCollection map)
{
    public void Map(RouteGroupBuilder group) => group.MapGet("/collections/{collection}/map", MapAsync)
        .MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound).WithName("map").WithSummary("How the memories of a collection lie towards each other, and which say nearly the same");

    private async Task<Ok<MapAnswer>> MapAsync(HttpContext context, string collection, string? since, string? until, string? metadata, string? filter)
    {
        var mapped = await map.HandleAsync(
            policy.CallerOf(context.User),
            new MapCollectionRequest(Asked.Collection(collection), MapCollection.MaxMemories) { Filter = Asked.Filter(filter), Metadata = Asked.Metadata(metadata), Since = since, Until = until },
            context.RequestAborted);
        return TypedResults.Ok(new MapAnswer
        {
            Points = [.. mapped.Memories.Select(MapPoint.Of)],
            Near = [.. mapped.Near.Select(pair => new NearPair { One = pair.One.ToString(), Other = pair.Other.ToString(), Similarity = pair.Similarity })],
            Whole = mapped.IsWhole,
        });
    }
}

internal sealed record MapAnswer
{
    public required IReadOnlyList<MapPoint> Points { get; init; }

    /// <summary>Pairs that say nearly the same, the nearest first.</summary>
    public required IReadOnlyList<NearPair> Near { get; init; }

    /// <summary>Whether these are all memories that fit; else they are some of them.</summary>
    public required bool Whole { get; init; }
}

/// <summary>A memory on the plane.</summary>
internal sealed record MapPoint
{
    private const int MaxText = 200;
    private const int MaxValue = 60;

    public required string Id { get; init; }

    /// <summary>The beginning of its text.</summary>
    public required string Text { get; init; }

    /// <summary>From -1 to 1.</summary>
    public required float X { get; init; }

    /// <summary>From -1 to 1.</summary>
    public required float Y { get; init; }

    public DateTime? CreatedAt { get; init; }

    /// <summary>Fields of the metadata that hold a short text, a number, true or false.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    public static MapPoint Of(MappedMemory mapped) => new()
    {
        Id = mapped.Memory.Id.ToString(),
        Text = ShortText.Of(mapped.Memory.Text, MaxText),
        X = mapped.X,
        Y = mapped.Y,
        CreatedAt = mapped.Memory.FirstStoredAt?.UtcDateTime,
        Values = mapped.Memory.Metadata is { ValueKind: JsonValueKind.Object } metadata ? ShortValues(metadata) : [],
    };

    private static Dictionary<string, string> ShortValues(JsonElement metadata)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in metadata.EnumerateObject())
        {
            var isPlain = field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
            if (isPlain && field.Name.Length <= MaxValue && field.Value.ToString() is { Length: > 0 and <= MaxValue } text)
                values[field.Name] = text;
        }
        return values;
    }
}

/// <summary>Two memories that say nearly the same.</summary>
internal sealed record NearPair
{
    public required string One { get; init; }

    public required string Other { get; init; }

    /// <summary>The cosine of their vectors.</summary>
    public required float Similarity { get; init; }
}
