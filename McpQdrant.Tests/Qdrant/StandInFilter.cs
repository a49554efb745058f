using System.Text.Json;

namespace McpQdrant.Tests.Qdrant;

/// <summary>Which points a filter selects. Until the server's own filters are here, only the conditions that the tests use.</summary>
internal static class StandInFilter
{
    public static bool Matches(JsonElement? filter, StandInPoint point)
    {
        try
        {
            return IsSatisfied(filter, point);
        }
        catch (Exception failure) when (failure is InvalidOperationException or KeyNotFoundException)
        {
            throw StandInFailure.NotPlayed("filters of this form");
        }
    }

    private static bool IsSatisfied(JsonElement? filter, StandInPoint point) => filter is not { ValueKind: JsonValueKind.Object } given || given.EnumerateObject().All(clause =>
    {
        var conditions = clause.Value.ValueKind switch
        {
            JsonValueKind.Array => clause.Value.EnumerateArray().ToList(),
            JsonValueKind.Object => [clause.Value],
            _ => [],
        };
        return clause.Name switch
        {
            "must" => conditions.TrueForAll(condition => Holds(condition, point)),
            "must_not" => !conditions.Exists(condition => Holds(condition, point)),
            "should" => conditions.Count == 0 || conditions.Exists(condition => Holds(condition, point)),
            "min_should" when clause.Value.ValueKind == JsonValueKind.Null => true,
            _ => throw StandInFailure.NotPlayed("filters of this form"),
        };
    });

    private static bool Holds(JsonElement condition, StandInPoint point)
    {
        if (Is(condition, "has_id", out var ids))
            return ids.EnumerateArray().Any(id => StandInPoint.ReadId(id) == point.Id);
        if (Is(condition, "has_vector", out var vector))
            return point.HasVector(vector.GetString()!);
        if (Is(condition, "is_empty", out var empty))
            return Value(point.Payload, empty.GetProperty("key").GetString()!) is not { } there || there.ValueKind == JsonValueKind.Null;
        if (!Is(condition, "key", out var key))
            return IsSatisfied(condition, point);

        var values = Value(point.Payload, key.GetString()!) switch
        {
            { ValueKind: JsonValueKind.Array } items => items.EnumerateArray().ToList(),
            { } one => [one],
            null => [],
        };
        return Is(condition, "match", out var match) ? values.Exists(value => IsMatch(value, match))
            : Is(condition, "range", out var range) ? values.Exists(value => IsWithin(value, range))
            : throw StandInFailure.NotPlayed("filters of this form");
    }

    /// <summary>The value at a path of plain keys.</summary>
    public static JsonElement? Value(JsonElement payload, string path)
    {
        foreach (var key in path.Split('.'))
            if (payload.ValueKind != JsonValueKind.Object || !payload.TryGetProperty(key, out payload))
                return null;
        return payload;
    }

    private static bool IsMatch(JsonElement value, JsonElement match) =>
        Is(match, "value", out var wanted) ? value.GetRawText() == wanted.GetRawText()
        : Is(match, "any", out var any) ? any.EnumerateArray().Any(one => one.GetRawText() == value.GetRawText())
        : Is(match, "except", out var except) ? value.ValueKind != JsonValueKind.Null && except.EnumerateArray().All(one => one.GetRawText() != value.GetRawText())
        : throw StandInFailure.NotPlayed("filters of this form");

    private static bool IsWithin(JsonElement value, JsonElement range) => value.ValueKind == JsonValueKind.Number && range.EnumerateObject().All(bound => bound.Name switch
    {
        "gt" => value.GetDouble() > bound.Value.GetDouble(),
        "gte" => value.GetDouble() >= bound.Value.GetDouble(),
        "lt" => value.GetDouble() < bound.Value.GetDouble(),
        "lte" => value.GetDouble() <= bound.Value.GetDouble(),
        _ => true,
    });

    private static bool Is(JsonElement parent, string name, out JsonElement value) => parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
