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
        if (Member(body, "order_by") is not null)
            throw StandInFailure.NotPlayed("pages in another order");
        var limit = Member(body, "limit")?.GetInt32() ?? 10;
        if (limit == 0)
            throw StandInFailure.Invalid("scroll_request.limit: value 0 invalid, must be 1 or larger");

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
