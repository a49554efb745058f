using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace McpQdrant.Tests.Qdrant;

/// <summary>What came of sending a recorded scenario to a fresh stand-in.</summary>
/// <param name="Right">How many answers were the recorded ones.</param>
/// <param name="Wrong">What differed.</param>
/// <param name="LeftOut">Why an exchange was not compared, one line for each.</param>
internal sealed partial record Replay(string Scenario, int Right, IReadOnlyList<string> Wrong, IReadOnlyList<string> LeftOut)
{
    private static readonly Dictionary<string, StandInAccess> Keys = new()
    {
        ["full-key-of-32-characters-or-more"] = StandInAccess.Everything,
        ["read-key"] = new(MayWrite: false),
        ["<token: manage>"] = StandInAccess.Everything,
        ["<token: read all>"] = new(MayWrite: false),
        ["<token: read mine>"] = new(MayWrite: false, "mine"),
        ["<token: read and write mine>"] = new(MayWrite: true, "mine"),
        ["<token: expired>"] = new(MayWrite: true, Refusal: "ExpiredSignature"),
        ["<token: signed by another key>"] = new(MayWrite: true, Refusal: "InvalidSignature"),
    };

    public static Replay Of(string scenario)
    {
        var api = new StandInApi(scenario.StartsWith("errors-authentication", StringComparison.Ordinal) ? Keys : new Dictionary<string, StandInAccess>());
        if (scenario == "errors-authentication-jwt")
            MakeBefore(api);

        var (right, wrong, leftOut) = (0, new List<string>(), new List<string>());
        var others = new HashSet<string>();
        foreach (var exchange in RecordedExchange.Load(scenario))
        {
            var collection = string.Join('/', exchange.Path.Split('?')[0].Split('/').Take(3));
            if (exchange.Path == "/collections/invalid-config")
                api.Answer("DELETE", exchange.Path, default, key: null); // Between these steps the recorder did so.
            var answer = Send(api, exchange);
            if (Reason(exchange, answer) is { } reason)
            {
                leftOut.Add(reason);
                if (exchange.Status == 200 && exchange.Method != "GET")
                    others.Add(collection);
            }
            else if (Difference(exchange, answer) is not { } difference)
                right++;
            else if (others.Contains(collection) || (collection == "/collections" && others.Count > 0))
                leftOut.Add("What comes after a write that the stand-in doesn't know, or was not kept.");
            else
                wrong.Add(difference);
        }
        return new Replay(scenario, right, wrong, leftOut);
    }

    private static StandInAnswer Send(StandInApi api, RecordedExchange exchange)
    {
        var body = exchange.RawBody ?? exchange.Body?.GetRawText() ?? "";
        var key = exchange.Headers.TryGetValue("api-key", out var given) ? given
            : exchange.Headers.TryGetValue("authorization", out var bearer) ? bearer!["Bearer ".Length..]
            : null;
        return api.Answer(exchange.Method, exchange.Path, Encoding.UTF8.GetBytes(body), key);
    }

    /// <summary>What was there when the recording of the tokens began.</summary>
    private static void MakeBefore(StandInApi api)
    {
        foreach (var name in (string[])["mine", "other"])
        {
            api.Restore([("PUT", $"/collections/{name}", """{"vectors":{"fast-all-minilm-l6-v2":{"size":4,"distance":"Cosine"}}}"""u8.ToArray())]);
            api.Restore([("PUT", $"/collections/{name}/points", """{"points":[{"id":1,"vector":{"fast-all-minilm-l6-v2":[1,0,0,0]}}]}"""u8.ToArray())]);
        }
    }

    private static string? Reason(RecordedExchange exchange, StandInAnswer answer) =>
        answer.Status == 501 ? JsonNode.Parse(answer.Body!)!["status"]!["error"]!.GetValue<string>()
        : !exchange.IsWhole ? "Bodies that were not kept."
        : exchange.Status != 200 && exchange.RawBody is not null ? "Bodies that the store can't write."
        : exchange.Status == 500 && exchange.Name.StartsWith("collection name: ", StringComparison.Ordinal) ? "Names that are refused before they are sent."
        : exchange.Status != 200 && exchange.Name.StartsWith("filter: ", StringComparison.Ordinal) ? "Filters that are refused before they are sent."
        : null;

    private static string? Difference(RecordedExchange exchange, StandInAnswer answer)
    {
        if (answer.Status != exchange.Status)
            return $"{exchange}: {exchange.Method} {exchange.Path} is answered by {answer.Status} {answer.Body}, and was by {exchange.Status} {exchange.Answer}";
        if (answer.ContentType != "application/json")
            return (answer.Body ?? "") == exchange.Answer ? null : $"{exchange}: {answer.Body}, and was {exchange.Answer}";

        var (ours, theirs) = (Comparable(JsonNode.Parse(answer.Body!)!), Comparable(JsonNode.Parse(exchange.Answer)!));
        return JsonNode.DeepEquals(ours, theirs) ? null : $"{exchange}:\n  {ours.ToJsonString()}\nand was\n  {theirs.ToJsonString()}";
    }

    /// <summary>
    /// Without the numbers of operations and versions; scores and numbers of vectors to five digits, equal scores in the order of ids;
    /// objects in the order of their keys; errors without the column, which is where the body ends.
    /// </summary>
    private static JsonNode Comparable(JsonNode node)
    {
        switch (node)
        {
            case JsonObject entries:
                return new JsonObject(entries
                    .Where(entry => entry.Key is not ("operation_id" or "version"))
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create(entry.Key, entry.Value is null ? null : Comparable(entry.Value)!)));
            case JsonArray items:
                var all = items.Select(item => item is null ? null : Comparable(item));
                return new JsonArray([.. items.All(item => item is JsonObject hit && hit.ContainsKey("score"))
                    ? all.OrderByDescending(hit => hit!["score"]?.GetValue<double>() ?? 0).ThenBy(hit => hit!["id"]!.ToJsonString(), StringComparer.Ordinal)
                    : all]);
            case JsonValue error when error.GetValueKind() == JsonValueKind.String:
                return Column().Replace(error.GetValue<string>(), "");
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.ToJsonString().Contains('.'):
                return Math.Round(value.GetValue<double>(), 5);
            default:
                return node.DeepClone();
        }
    }

    [GeneratedRegex(@" at line 1 column \d+$")]
    private static partial Regex Column();
}
