using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Http;
using McpQdrant.Server.Mcp.Tools.Answers;

namespace McpQdrant.Server.Rest;

/// <summary>Reads the body of a request, as strictly as it can be read: what is not understood is refused, instead of being left out.</summary>
internal static class RestBody
{
    public const string WrongType = "The body comes as application/json. Send it with this Content-Type.";

    /// <exception cref="MemoryException">It is not what it must be.</exception>
    /// <exception cref="RestException">It is no JSON by its Content-Type.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type) where T : class
    {
        if (!context.Request.HasJsonContentType())
            throw new RestException(StatusCodes.Status415UnsupportedMediaType, WrongType);

        var body = await RequestBody.TakeAsync(context);
        if (!UnicodeJson.IsValidUnicode(new ReadOnlySequence<byte>(body)))
            throw new MemoryException("The body holds bytes that are not UTF-8, or half of a character (such as \\ud800). Send valid Unicode.");
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) ?? throw new MemoryException("The body is null. Send a JSON object.");
        }
        catch (JsonException wrong)
        {
            throw new MemoryException(Sentence(wrong), wrong);
        }
    }

    /// <summary>The parser's own words name types of this program.</summary>
    private static string Sentence(JsonException wrong) => wrong.Path is null or "$"
        ? $"The body is no JSON object as this address takes it (line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1})."
        : $"The body is not what this address takes at {ShortText.Of(wrong.Path, 200)}: no such field, or another kind of value.";
}
