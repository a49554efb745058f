using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpQdrant.Server.Mcp;

/// <summary>An error of JSON-RPC to a message that the SDK doesn't see.</summary>
internal static class ErrorMessage
{
    /// <summary>Nothing here is written into a page, so that texts stay readable.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="id">The message's id as JSON; null where it can't be known.</param>
    /// <param name="code">What kind of error it is, as JSON-RPC and MCP number them.</param>
    /// <param name="sentence">What was wrong, and what to do.</param>
    public static byte[] Of(byte[]? id, int code, string sentence)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WritePropertyName("id");
        writer.WriteRawValue(id ?? "null"u8);
        writer.WriteStartObject("error");
        writer.WriteNumber("code", code);
        writer.WriteString("message", sentence);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
