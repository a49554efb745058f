using System.Buffers;
using System.Text.Json;

namespace McpQdrant.Server.Http;

/// <summary>Answers what no other endpoint does, with a body: clients that look for a way to authenticate read it, and show it.</summary>
internal static class UnknownPaths
{
    private const string NotFound = "not_found";

    public static IEndpointConventionBuilder MapUnknownPaths(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapFallback("{*path}", context => WriteAsync(
            context, StatusCodes.Status404NotFound, NotFound, $"There is nothing at this address. MCP is served at {HttpServer.Path}.")).WithMetadata(EndpointKind.Unknown);

    /// <summary>Documents by which clients look for OAuth. Those that find none go on, so that anybody is told.</summary>
    public static IEndpointConventionBuilder MapUnknownDocuments(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapFallback("/.well-known/{*path}", context => WriteAsync(
            context, StatusCodes.Status404NotFound, NotFound, "This server has no such document.")).WithMetadata(EndpointKind.Unknown);

    /// <summary>Other methods and types of content of a path that speaks MCP.</summary>
    /// <param name="allowed">Methods that are served.</param>
    public static IEndpointConventionBuilder MapOtherRequests(this IEndpointRouteBuilder endpoints, string path, string allowed) =>
        endpoints.Map(path, context =>
        {
            if (allowed.Contains(context.Request.Method, StringComparison.OrdinalIgnoreCase))
                return HttpErrorResponse.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, "Messages come as application/json. Send them with this Content-Type.");
            context.Response.Headers.Allow = allowed;
            return HttpErrorResponse.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, $"This address takes {allowed} only. Messages are posted.");
        }).WithMetadata(EndpointKind.Other);

    /// <summary>An error as OAuth's endpoints give it (RFC 6749, section 5.2), which are what clients look for.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string error, string sentence)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("error", error);
            writer.WriteString("error_description", sentence);
            writer.WriteEndObject();
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
