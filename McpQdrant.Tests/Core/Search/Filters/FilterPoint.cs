using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Core.Search.Filters;

/// <summary>A point of a file: <c>{"id", "vector"?, "payload"}</c>.</summary>
internal sealed class FilterPoint(JsonElement line, PayloadDecoder decoder) : IFilterSubject
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "qdrant-1.18.3", "filters");

    public PointId Id { get; } = IdOf(line.GetProperty("id"));

    public JsonElement Json { get; } = line.GetProperty("payload");

    public PayloadValue Payload { get; } = decoder.Decode(line.GetProperty("payload"));

    public bool HasVector(string name) => line.TryGetProperty("vector", out var vectors) && vectors.TryGetProperty(name, out _);

    public static IReadOnlyList<FilterPoint> Read(string pathOrFixture)
    {
        var decoder = new PayloadDecoder();
        return [.. Lines(pathOrFixture).Select(line => new FilterPoint(line, decoder))];
    }

    public static FilterPoint Of(string payload) =>
        new(JsonElement.Parse($$"""{"id": 1, "payload": {{payload}}}"""), new PayloadDecoder());

    /// <param name="pathOrFixture">An absolute path, or the name of a recorded file.</param>
    public static IEnumerable<JsonElement> Lines(string pathOrFixture) =>
        File.ReadLines(Path.Combine(Folder, pathOrFixture)).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line));

    public static PointId IdOf(JsonElement id) =>
        id.ValueKind == JsonValueKind.Number ? new PointId(id.GetUInt64())
            : PointId.TryParseUuid(id.GetString(), out var uuid) ? uuid
            : throw new FormatException($"{id} is no id.");
}
