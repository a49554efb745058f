using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>What the transport has to know of JSON-RPC for lines that are no messages.</summary>
internal static class JsonRpc
{
    public static JsonTypeInfo MessageType => McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    public static bool IsWellFormed(byte[] utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read())
                reader.TrySkip();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The parser's words without its coordinates, which count from a line that the caller can't see.</summary>
    public static string Describe(JsonException failure) => failure.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];

    public static RequestId? CancelledId(JsonRpcNotification notification) =>
        notification.Params is JsonObject parameters && parameters["requestId"] is { } id ? id.GetValueKind() switch
        {
            JsonValueKind.String => new RequestId(id.GetValue<string>()),
            JsonValueKind.Number when id.AsValue().TryGetValue(out long number) => new RequestId(number),
            _ => null,
        } : null;

    /// <summary>Looks for a top-level <c>id</c> in the beginning of a message, which may end anywhere.</summary>
    /// <returns>The id as JSON; null where none is found.</returns>
    public static byte[]? FindId(ReadOnlySpan<byte> start)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                var isId = reader.ValueTextEquals("id");
                if (!reader.Read() || (!isId && !reader.TrySkip()))
                    return null;
                if (isId && (reader.TokenType == JsonTokenType.Number || (reader.TokenType == JsonTokenType.String && reader.GetString() is not null)))
                    return start[(int)reader.TokenStartIndex..(int)reader.BytesConsumed].ToArray();
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Not JSON from here on, or not Unicode: then there is no id to be found.
            return null;
        }
        return null;
    }

    public static byte[] Error(byte[]? id, McpErrorCode code, string message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WritePropertyName("id");
        writer.WriteRawValue(id ?? "null"u8);
        writer.WriteStartObject("error");
        writer.WriteNumber("code", (int)code);
        writer.WriteString("message", message);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>Tells requests that change memories from those that read them, by what the tools say of themselves.</summary>
internal sealed class RequestKind(IEnumerable<McpServerTool> tools)
{
    private readonly HashSet<string> _writers =
        [.. tools.Where(tool => tool.ProtocolTool.Annotations?.ReadOnlyHint != true).Select(tool => tool.ProtocolTool.Name)];

    public bool IsWrite(JsonRpcRequest request) => request.Method == RequestMethods.ToolsCall && _writers.Contains(ToolOf(request));

    public bool IsRead(JsonRpcRequest request) =>
        request.Method == RequestMethods.ResourcesRead || (request.Method == RequestMethods.ToolsCall && !_writers.Contains(ToolOf(request)));

    private static string ToolOf(JsonRpcRequest request) =>
        request.Params is JsonObject parameters && parameters["name"] is { } name && name.GetValueKind() == JsonValueKind.String ? name.GetValue<string>() : "";
}
