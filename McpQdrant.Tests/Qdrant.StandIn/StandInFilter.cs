using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Qdrant;

/// <summary>Which points a filter selects, by the server's own evaluator, which gives all the recorded answers.</summary>
internal static class StandInFilter
{
    public static bool Matches(JsonElement? filter, StandInPoint point)
    {
        if (filter is not { ValueKind: JsonValueKind.Object } given)
            return true;
        try
        {
            return Filter.Parse(given).Matches(new Subject(point));
        }
        catch (FilterException)
        {
            throw StandInFailure.NotPlayed("filters of this form");
        }
    }

    /// <summary>The value at a path of plain keys.</summary>
    public static JsonElement? Value(JsonElement payload, string path)
    {
        foreach (var key in path.Split('.'))
            if (payload.ValueKind != JsonValueKind.Object || !payload.TryGetProperty(key, out payload))
                return null;
        return payload;
    }

    private sealed class Subject(StandInPoint point) : IFilterSubject
    {
        public PointId Id => point.Id.Point;

        public PayloadValue Payload { get; } = new PayloadDecoder().Decode(point.Payload);

        public bool HasVector(string name) => point.HasVector(name);
    }
}
