using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Keywords;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>What a request asks for, however it is spelled: two bodies that Qdrant takes for the same come out equal.</summary>
/// <remarks>
/// Evened out: <c>query</c> with and without <c>nearest</c>; a lone prefetch in a list or not; the unnamed vector with and without
/// its empty name; BM25 options that are Qdrant's defaults; spellings of UUIDs; numbers beyond float32. Not part of the meaning here:
/// how many results (<c>limit</c>: the store asks for one more than its caller), and how much of each (<c>with_payload</c>, <c>with_vector</c>).
/// </remarks>
internal static class RequestMeaning
{
    public static JsonNode? Of(JsonElement? body) => body is { } json ? Root(JsonNode.Parse(json.GetRawText())) : null;

    public static JsonNode? Of(ReadOnlySpan<byte> body) => body.IsEmpty ? null : Root(JsonNode.Parse(body));

    /// <summary>Whether the store's request asks for what was recorded; it may bring along what the recorded one left out.</summary>
    public static bool Covers(JsonNode? sent, JsonNode? recorded) => JsonNode.DeepEquals(sent is null ? null : Like(sent.DeepClone(), recorded), recorded);

    private static JsonNode? Root(JsonNode? node)
    {
        if (node is not JsonObject body)
            return node;

        if (body["searches"] is JsonArray searches)
            foreach (var search in searches.OfType<JsonObject>())
                Query(search);
        Query(body);
        Even(body);
        return body;
    }

    private static void Query(JsonObject query)
    {
        foreach (var ignored in (string[])["limit", "with_payload", "with_vector", "exact", "params", "candidates_limit"])
            query.Remove(ignored);
        if (query["using"]?.GetValue<string>() == "")
            query.Remove("using");
        if (query["offset"]?.ToJsonString() == "0")
            query.Remove("offset");
        if (query["filter"] is null)
            query.Remove("filter");

        if (query["query"] is JsonArray or JsonObject { Count: 2 } or JsonObject { Count: 3 } && (query["query"] as JsonObject)?["nearest"] is null
            && ((query["query"] as JsonObject)?.ContainsKey("text") ?? true))
            query["query"] = new JsonObject { ["nearest"] = query["query"]!.DeepClone() };
        if ((query["query"] as JsonObject)?["mmr"] is JsonObject mmr)
            mmr.Remove("candidates_limit");

        if (query["prefetch"] is JsonObject lone)
            query["prefetch"] = new JsonArray(lone.DeepClone());
        foreach (var prefetch in (query["prefetch"] as JsonArray ?? []).OfType<JsonObject>())
            Query(prefetch);
    }

    /// <summary>Evens out values anywhere in the body.</summary>
    private static void Even(JsonNode node)
    {
        switch (node)
        {
            case JsonObject entries:
                if (entries["vector"] is JsonArray unnamed)
                    entries["vector"] = new JsonObject { [""] = unnamed.DeepClone() };
                if (entries.ContainsKey("text") && entries.ContainsKey("model"))
                {
                    entries["options"] = Options(entries["options"] as JsonObject);
                    entries["text"] = Words(entries["text"]!);
                }
                foreach (var (name, value) in entries.ToList())
                    entries[name] = Evened(value);
                break;
            case JsonArray items:
                for (var at = 0; at < items.Count; at++)
                    items[at] = Evened(items[at]);
                break;
        }
    }

    private static JsonNode? Evened(JsonNode? value)
    {
        switch (value)
        {
            case JsonValue number when number.GetValueKind() == JsonValueKind.Number:
                return JsonValue.Create(ulong.TryParse(number.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole > 1 << 24
                    ? whole.ToString(CultureInfo.InvariantCulture)
                    : ((float)number.GetValue<double>()).ToString("R", CultureInfo.InvariantCulture));
            case JsonValue text when text.GetValueKind() == JsonValueKind.String && MemoryId.TryParse(text.GetValue<string>(), out var id) && !id.IsNumber:
                return JsonValue.Create(id.ToString());
            case null or JsonValue:
                return value?.DeepClone();
            default:
                var clone = value.DeepClone();
                Even(clone);
                return clone;
        }
    }

    /// <summary>Scripts without blanks are sent as pairs of characters, which no other program does.</summary>
    private static JsonNode Words(JsonNode text) =>
        text.GetValueKind() == JsonValueKind.String && KeywordText.HasPairs(text.GetValue<string>())
            ? string.Join(' ', KeywordText.Of(text.GetValue<string>()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            : text.DeepClone();

    private static JsonObject Options(JsonObject? options)
    {
        var all = options?.DeepClone().AsObject() ?? [];
        all.TryAdd("avg_len", 256.0);
        all.TryAdd("language", "english");
        return new JsonObject(all.OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => KeyValuePair.Create(option.Key, option.Value?.DeepClone())));
    }

    /// <summary>Takes from what was sent the parts that a recorded request leaves out, where leaving them out changes nothing that it is about.</summary>
    private static JsonNode Like(JsonNode sent, JsonNode? recorded)
    {
        if (sent is not JsonObject ours || recorded is not JsonObject theirs)
            return sent;

        foreach (var extra in (string[])["metadata", "sparse_vectors"])
            if (!theirs.ContainsKey(extra) && theirs.ContainsKey("vectors"))
                ours.Remove(extra);
        if (ours["vectors"] is JsonObject vectors && theirs["vectors"] is JsonObject theirVectors)
            foreach (var (name, _) in vectors.Where(vector => vector.Key.EndsWith("-passages", StringComparison.Ordinal) && !theirVectors.ContainsKey(vector.Key)).ToList())
                vectors.Remove(name);
        if (!theirs.ContainsKey("update_filter"))
            ours.Remove("update_filter");
        if (ours["points"] is JsonArray points && theirs["points"] is JsonArray theirPoints && points.Count == theirPoints.Count)
            for (var at = 0; at < points.Count; at++)
                if (points[at] is JsonObject point && theirPoints[at] is JsonObject their)
                {
                    // Each write has a new one.
                    (point["payload"] as JsonObject)?.Remove(CollectionLayout.RevisionField);
                    if (their["payload"] is not JsonObject { Count: > 0 })
                    {
                        point.Remove("payload");
                        their.Remove("payload");
                    }
                }
        return ours;
    }
}
