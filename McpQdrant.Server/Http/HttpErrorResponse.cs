using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Http;

/// <summary>Answers a request that goes no further: a status, and a sentence in an error of JSON-RPC, which is what MCP clients show.</summary>
internal static class HttpErrorResponse
{
    /// <summary>JSON-RPC's first code for errors of a server's own.</summary>
    private const int Code = -32000;

    public static async Task WriteAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";

        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WriteNull("id");
        writer.WriteStartObject("error");
        writer.WriteNumber("code", Code);
        writer.WriteString("message", sentence);
        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }

    /// <summary>Who was refused, where no name is known: the address that the request came from.</summary>
    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown address";
}
