using System.Buffers;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Server.Mcp.Tools.Arguments;
using McpQdrant.Tests.Core.Search.Filters;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>A tool's argument that is a filter, as an object and as the text of one.</summary>
internal static class FilterTarget
{
    private static readonly IReadOnlyList<FilterPoint> Points = [.. FilterPoint.Read("points.jsonl").Take(50), .. FilterPoint.Read("matrix-points.jsonl").Take(50)];

    public static Task JudgeAsync(byte[] input)
    {
        if (Read(JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(input))) is { } spelled)
            Use(spelled);
        if (Json(input) is { } json && Read(json) is { } filter)
            Use(filter);
        return Task.CompletedTask;
    }

    private static Filter? Read(JsonElement argument)
    {
        try
        {
            return QueryFilter.Read(new ToolArguments(new Dictionary<string, JsonElement> { ["filter"] = argument }), "filter");
        }
        catch (MemoryException refusal)
        {
            Assert.InRange(refusal.Message.Length, 20, 2_000);
            return null;
        }
    }

    /// <summary>All that is done with a filter, on payloads of every form.</summary>
    private static void Use(Filter filter)
    {
        var matches = Points.Select(filter.Matches).ToArray();
        var reread = Filter.Parse(filter.ToJson());
        var below = filter.MapKeys(key => $"below.{key}");

        Assert.Equal(matches, Points.Select(reread.Matches));
        Assert.True(!filter.MatchesEverything || matches.All(matched => matched));
        _ = (filter.Json.GetRawText(), below.ToJson().GetRawText(), filter.Reads("metadata"));
    }

    /// <returns>Null for what isn't let in to become an argument.</returns>
    private static JsonElement? Json(byte[] input)
    {
        try
        {
            return UnicodeJson.IsValidUnicode(new ReadOnlySequence<byte>(input)) ? JsonElement.Parse(input) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
