using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Http;

/// <summary>In which form a client takes an answer.</summary>
internal enum AnswerForm
{
    EventStream,
    Json,
}

internal static class AnswerForms
{
    private static readonly MediaTypeHeaderValue EventStream = new("text/event-stream");
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <remarks>A client should take both. One that names a form gets that one; where neither is named, no header at all is of the simplest clients.</remarks>
    /// <returns>Null where it takes neither.</returns>
    public static AnswerForm? Of(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0)
            return AnswerForm.Json;

        var accepted = request.GetTypedHeaders().Accept.Where(range => range.Quality != 0).ToArray();
        if (Array.Exists(accepted, range => range.MediaType.Equals(EventStream.MediaType, StringComparison.OrdinalIgnoreCase)))
            return AnswerForm.EventStream;
        if (Array.Exists(accepted, range => range.MediaType.Equals(Json.MediaType, StringComparison.OrdinalIgnoreCase)))
            return AnswerForm.Json;
        return Array.Exists(accepted, EventStream.IsSubsetOf) ? AnswerForm.EventStream
            : Array.Exists(accepted, Json.IsSubsetOf) ? AnswerForm.Json
            : null;
    }
}
