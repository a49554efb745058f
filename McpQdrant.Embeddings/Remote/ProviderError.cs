using System.Net;
using System.Text.Json;

namespace McpQdrant.Embeddings.Remote;

/// <summary>Why a provider refused, as far as its answer says.</summary>
/// <remarks>
/// Every server has its own words: OpenAI, Azure and vLLM send <c>{"error": {"message", "code"}}</c>, Ollama <c>{"error": "…"}</c>,
/// others <c>message</c> or <c>detail</c>, gateways HTML.
/// </remarks>
/// <param name="Message">The provider's words, shortened; empty for none.</param>
/// <param name="Code">Its word for the kind of error; empty for none.</param>
internal sealed record ProviderError(HttpStatusCode Status, string Message, string Code)
{
    private const int LongestMessage = 300;

    private static readonly string[] TooLongWords =
        ["context length", "context_length", "context size", "context_size", "maximum input length", "too long", "too large", "too many tokens", "must have less than", "input length"];

    private static readonly string[] UnknownModelWords =
        ["not found", "not_found", "does not exist", "doesn't exist", "not exist", "invalid model", "unknown model", "no such model", "not loaded", "no models loaded"];

    public bool IsTooLong => Status is HttpStatusCode.RequestEntityTooLarge || (IsRefusal && HasSameContent(TooLongWords));

    public bool IsUnknownModel =>
        Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest
        && (Code is "model_not_found" || (Message.Contains("model", StringComparison.OrdinalIgnoreCase) && HasSameContent(UnknownModelWords)));

    // llama.cpp says with a 500 that a text is too long.
    private bool IsRefusal => Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.InternalServerError;

    /// <param name="response">One whose content has been read into memory.</param>
    public static async Task<ProviderError> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(body);
            var (message, code) = Words(document.RootElement);
            return new ProviderError(response.StatusCode, Short(message ?? ""), code ?? "");
        }
        catch (JsonException)
        {
            var isPage = response.Content.Headers.ContentType?.MediaType is "text/html" || body.StartsWith('<');
            return new ProviderError(response.StatusCode, isPage ? "" : Short(body), "");
        }
    }

    private static (string? Message, string? Code) Words(JsonElement json)
    {
        if (json.ValueKind is not JsonValueKind.Object)
            return (null, null);
        if (json.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object)
            return (Text(error, "message"), Text(error, "code") ?? Text(error, "type"));
        return (Text(json, "error") ?? Text(json, "message") ?? Text(json, "detail"), Text(json, "code") ?? Text(json, "error_type"));
    }

    private bool HasSameContent(string[] words) =>
        words.Any(word => Message.Contains(word, StringComparison.OrdinalIgnoreCase) || Code.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string Short(string message)
    {
        var line = message.ReplaceLineEndings(" ").Trim();
        return line.Length <= LongestMessage ? line : line[..LongestMessage] + "…";
    }
}
