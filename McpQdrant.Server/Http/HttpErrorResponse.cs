using McpQdrant.Server.Mcp;
using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Http;

/// <summary>Answers a request that goes no further: a status, and a sentence in an error of JSON-RPC, which is what MCP clients show; in problem details for those of the REST API.</summary>
internal static class HttpErrorResponse
{
    /// <summary>JSON-RPC's first code for errors of a server's own.</summary>
    private const int ServerError = -32000;

    /// <param name="id">The message's id as JSON; null where the message was not read.</param>
    /// <param name="code">The kind of error, as JSON-RPC numbers them.</param>
    public static async Task WriteAsync(HttpContext context, int status, string sentence, byte[]? id = null, int code = ServerError)
    {
        if (EndpointKind.Of(context) == EndpointKind.Rest)
        {
            await Problem.WriteAsync(context, status, sentence);
            return;
        }
        var body = ErrorMessage.Of(id, code, sentence);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Who was refused, where no name is known: the address that the request came from.</summary>
    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown address";
}
