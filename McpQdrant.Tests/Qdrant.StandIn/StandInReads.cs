using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.Tests.Qdrant;

/// <summary>What is read from a collection.</summary>
internal static class StandInReads
{
    public static JsonNode Answer(StandInCollection collection, string method, string path, JsonElement body) => (method, path) switch
    {
        ("POST", "points/query") => Query(collection, body),
        ("POST", "points/query/batch") => new JsonArray([.. body.GetProperty("searches").EnumerateArray().Select(search => Query(collection, search))]),
        ("POST", "points/scroll") => Scroll(collection, body),
        ("POST", "points/count") => new JsonObject { ["count"] = Selected(collection, body).Count() },
        ("POST", "points") => Retrieve(collection, body),
        _ => throw StandInFailure.NotPlayed($"{method} …/{path}"),
    };

    private static JsonObject Query(StandInCollection collection, JsonElement body) => new()
    {
        ["points"] = new JsonArray([.. new StandInQuery(collection, body, []).Run().Select(hit =>
        {
            var point = hit.Point.ToJson(Member(body, "with_payload"), Member(body, "with_vector"));
            point.Insert(1, "version", 0);
            point.Insert(2, "score", float.IsFinite((float)hit.Score) ? (float)hit.Score : null);
            return point;
        })]),
    };

    private static JsonObject Scroll(StandInCollection collection, JsonElement body)
    {
        var limit = Member(body, "limit")?.GetInt32() ?? 10;
        if (limit == 0)
            throw StandInFailure.Invalid("scroll_request.limit: value 0 invalid, must be 1 or larger");
        if (Member(body, "order_by") is { } order)
            return ScrollByTime(collection, body, order, limit);

        var points = Selected(collection, body);
        if (Member(body, "offset") is { } offset)
        {
            var from = StandInPoint.ReadId(offset, " at line 1 column 23");
            points = points.Where(point => point.Id.CompareTo(from) >= 0);
        }
        var page = points.Take(limit + 1).ToList();
        return new JsonObject
        {
            ["points"] = new JsonArray([.. page.Take(limit).Select(point =>
                point.ToJson(Member(body, "with_payload") ?? JsonElement.Parse("true"), Member(body, "with_vector")))]),
            ["next_page_offset"] = page.Count > limit ? StandInPoint.WriteId(page[limit].Id) : null,
        };
    }

    /// <summary>Points that have a time, by it. The next page starts where the caller says, not where this one ends.</summary>
    private static JsonObject ScrollByTime(StandInCollection collection, JsonElement body, JsonElement order, int limit)
    {
        var key = order.ValueKind == JsonValueKind.String ? order.GetString()! : order.GetProperty("key").GetString()!;
        if (collection.IndexOf(key) is not ("integer" or "float" or "datetime"))
        {
            throw StandInFailure.WrongInput(
                $"No range index for `order_by` key: `{key}`. Please create one to use `order_by`. Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas support Range conditions");
        }
        if (collection.IndexOf(key) != "datetime")
            throw StandInFailure.NotPlayed("orders by numbers");

        var isDescending = order.ValueKind == JsonValueKind.Object && Member(order, "direction")?.GetString() == "desc";
        var points = Selected(collection, body)
            .Select(point => (Point: point, At: Time(StandInFilter.Value(point.Payload, key))))
            .Where(point => point.At is not null);
        if (order.ValueKind == JsonValueKind.Object && Time(Member(order, "start_from")) is { } from)
            points = points.Where(point => isDescending ? point.At <= from : point.At >= from);
        return new JsonObject
        {
            ["points"] = new JsonArray([.. (isDescending ? points.OrderByDescending(point => point.At) : points.OrderBy(point => point.At)).Take(limit).Select(point =>
            {
                var json = point.Point.ToJson(Member(body, "with_payload") ?? JsonElement.Parse("true"), Member(body, "with_vector"));
                json["order_value"] = point.At;
                return json;
            })]),
            ["next_page_offset"] = null,
        };

        // In microseconds, as the server counts.
        static long? Time(JsonElement? value) =>
            value is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var time) ? (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond : null;
    }

    private static JsonArray Retrieve(StandInCollection collection, JsonElement body) => new([.. body.GetProperty("ids").EnumerateArray()
        .Select(id => StandInPoint.ReadId(id, " at line 1 column 16"))
        .Distinct()
        .Select(collection.Find)
        .OfType<StandInPoint>()
        .Select(point => point.ToJson(Member(body, "with_payload"), Member(body, "with_vector")))]);

    private static IEnumerable<StandInPoint> Selected(StandInCollection collection, JsonElement body) =>
        collection.Points.Where(point => StandInFilter.Matches(Member(body, "filter"), point));

    private static JsonElement? Member(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
