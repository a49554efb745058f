using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpQdrant.Tests.Protocol;

/// <summary>JSON-RPC lines as a client writes them.</summary>
internal static class Messages
{
    public const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    public static string Initialize(int id = 0, string version = "2025-06-18") =>
        Request(id, "initialize", new JsonObject
        {
            ["protocolVersion"] = version,
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1" },
        });

    public static string Store(int id, string text, string collection = "notes", JsonNode? metadata = null) =>
        Call(id, "qdrant-store", new JsonObject { ["information"] = text, ["collection_name"] = collection, ["metadata"] = metadata });

    public static string Find(int id, string query, string collection = "notes") =>
        Call(id, "qdrant-find", new JsonObject { ["query"] = query, ["collection_name"] = collection });

    public static string Call(int id, string tool, JsonObject arguments) =>
        Request(id, "tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments });

    public static string Request(int id, string method, JsonObject? parameters = null)
    {
        var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method };
        if (parameters is not null)
            message["params"] = parameters;
        return message.ToJsonString();
    }

    public static JsonElement Reply(this IEnumerable<string> lines, int id) =>
        lines.Select(line => JsonElement.Parse(line)).Single(reply => reply.TryGetProperty("id", out var value) && value.ValueKind == JsonValueKind.Number && value.GetInt32() == id);

    public static JsonElement Result(this JsonElement reply) => reply.GetProperty("result");

    public static JsonElement Structured(this JsonElement reply) => reply.Result().GetProperty("structuredContent");

    public static string Text(this JsonElement reply, int item = 0) =>
        reply.Result().GetProperty("content")[item].GetProperty("text").GetString()!;
}
