using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Contract;

/// <summary>A thousand points and 360 questions, with what a real Qdrant answered.</summary>
internal static class RecordedSearch
{
    public static readonly IReadOnlyList<StoredMemory> Points = [.. Lines("vectors.jsonl").Select(PointOf)];

    private static readonly JsonElement[] All = [.. Lines("cases.jsonl")];

    public static IEnumerable<JsonElement> Cases(string kind) => All.Where(one => one.GetProperty("kind").GetString() == kind);

    public static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetSingle())];

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "qdrant-1.18.3", "search", file)).Select(line => JsonElement.Parse(line));

    private static StoredMemory PointOf(JsonElement point)
    {
        var payload = point.GetProperty("payload");
        var memory = new Memory(
            new MemoryId(point.GetProperty("id").GetUInt64()),
            payload.GetProperty("document").GetString()!,
            payload.GetProperty("metadata"),
            payload.TryGetProperty("stored_at", out var time) ? time.GetDateTimeOffset() : null);
        return new StoredMemory(memory, new SemanticVector.Embedded(Floats(point.GetProperty("vector"))));
    }
}
