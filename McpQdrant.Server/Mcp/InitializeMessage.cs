using System.Text;
using System.Text.Json.Nodes;

namespace McpQdrant.Server.Mcp;

/// <summary>Completes what a client says of itself when it connects, so that a client that leaves something out, or is newer, can connect too.</summary>
/// <remarks>
/// The SDK refuses such a message. The specification wants a version that isn't known here answered with one that is, and nothing of this
/// server depends on the client's name or capabilities.
/// </remarks>
internal static class InitializeMessage
{
    /// <summary>The newest version that begins with <c>initialize</c>; newer ones have no such beginning.</summary>
    private const string NewestVersion = "2025-11-25";

    /// <param name="message">A request that was checked to be one, of the method <c>initialize</c>.</param>
    public static ReadOnlyMemory<byte> Complete(ReadOnlyMemory<byte> message)
    {
        var request = JsonNode.Parse(message.Span)!.AsObject();
        if ((request["params"] ??= new JsonObject()) is not JsonObject parameters)
            return message;

        if (parameters["protocolVersion"] is not JsonValue version || !version.TryGetValue(out string? asked) || string.CompareOrdinal(asked, NewestVersion) > 0)
            parameters["protocolVersion"] = NewestVersion;

        var capabilities = parameters["capabilities"] as JsonObject ?? [];
        parameters["capabilities"] = new JsonObject(capabilities.Where(capability => capability.Value is JsonObject).Select(capability => KeyValuePair.Create(capability.Key, capability.Value?.DeepClone())));

        if (parameters["clientInfo"] is not JsonObject client)
            parameters["clientInfo"] = client = [];
        Complete(client, "name", "unknown");
        Complete(client, "version", "0");

        return Encoding.UTF8.GetBytes(request.ToJsonString());
    }

    private static void Complete(JsonObject client, string key, string value)
    {
        if (client[key] is not JsonValue given || !given.TryGetValue(out string? _))
            client[key] = value;
    }
}
