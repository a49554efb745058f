using System.Text.Json;

namespace McpQdrant.Tests.Qdrant;

/// <summary>A request that a real Qdrant 1.18.3 got, and its answer.</summary>
/// <param name="Scenario">The file it stands in.</param>
/// <param name="Path">With its query string, as it was sent.</param>
/// <param name="Body">Null for none.</param>
/// <param name="RawBody">A body that is no valid JSON, or that JSON libraries would change; null where <paramref name="Body"/> says it all.</param>
/// <param name="IsWhole">Whether the request was kept: some bodies were too large to keep.</param>
/// <param name="Answer">The body of the answer as it came; empty for none.</param>
public sealed record RecordedExchange(
    string Scenario, string Name, string Method, string Path, IReadOnlyDictionary<string, string?> Headers, JsonElement? Body, string? RawBody,
    bool IsWhole, int Status, IReadOnlyDictionary<string, string> AnswerHeaders, string Answer)
{
    private static readonly string Folder = System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", "qdrant-1.18.3");

    /// <summary>The result of a successful answer.</summary>
    public JsonElement Result => JsonElement.Parse(Answer, new JsonDocumentOptions { MaxDepth = 256 }).GetProperty("result");

    /// <summary>The names of all scenarios.</summary>
    public static IReadOnlyList<string> Scenarios =>
        [.. Directory.EnumerateFiles(System.IO.Path.Combine(Folder, "exchanges")).Select(System.IO.Path.GetFileNameWithoutExtension).Order()!];

    /// <summary>A scenario's exchanges in order, without what was only observed.</summary>
    public static IReadOnlyList<RecordedExchange> Load(string scenario)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Folder, "exchanges", $"{scenario}.json")));
        return [.. file.RootElement.EnumerateArray().Where(step => step.TryGetProperty("request", out _)).Select(step => Read(scenario, step))];
    }

    public static RecordedExchange Find(string scenario, string name) => Load(scenario).Single(exchange => exchange.Name == name);

    /// <summary>The lines of a file of JSON lines, below the recordings' folder.</summary>
    public static IEnumerable<JsonElement> Lines(string path) =>
        File.ReadLines(System.IO.Path.Combine(Folder, path)).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line));

    public override string ToString() => $"{Scenario}: {Name}";

    private static RecordedExchange Read(string scenario, JsonElement step)
    {
        var request = step.GetProperty("request");
        var response = step.GetProperty("response");
        var body = response.GetProperty("body");
        return new RecordedExchange(
            scenario,
            step.GetProperty("name").ToString(),
            request.GetProperty("method").GetString()!,
            request.GetProperty("path").GetString()!,
            HeadersOf(request),
            request.TryGetProperty("body", out var sent) && sent.ValueKind != JsonValueKind.Null ? sent.Clone() : null,
            request.TryGetProperty("raw_body", out var raw) ? raw.GetString() : null,
            !request.TryGetProperty("body_description", out _),
            response.GetProperty("status").GetInt32(),
            HeadersOf(response).ToDictionary(header => header.Key, header => header.Value!),
            body.ValueKind switch
            {
                JsonValueKind.Null => "",
                JsonValueKind.String => body.GetString()!,
                _ => body.GetRawText(),
            });
    }

    private static Dictionary<string, string?> HeadersOf(JsonElement message) => message.TryGetProperty("headers", out var headers)
        ? headers.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.ValueKind == JsonValueKind.Null ? null : header.Value.ToString())
        : [];
}
