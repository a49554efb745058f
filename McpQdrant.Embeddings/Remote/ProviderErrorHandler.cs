using System.Net;
using System.Text.Json;
using McpQdrant.Core.Memories;
using Polly.Timeout;

namespace McpQdrant.Embeddings.Remote;

/// <summary>Turns a provider's last word into a sentence, before its client library makes an exception of its own of it.</summary>
/// <param name="address">Where the provider's API begins, with a slash at its end.</param>
/// <param name="model">The model that is asked for.</param>
internal sealed class ProviderErrorHandler(EmbeddingOptions options, Uri address, string model) : DelegatingHandler
{
    private const int MostModels = 10;

    private string Provider => $"The embedding provider at {address.Scheme}://{address.Authority}";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (TimeoutRejectedException e)
        {
            throw new MemoryException($"{Provider} didn't answer within {options.Timeout.TotalSeconds:0.#} seconds. Try again later, or raise EMBEDDING_TIMEOUT.", e) { IsOutage = true };
        }
        catch (HttpRequestException e)
        {
            throw new MemoryException($"{Provider} can't be reached: {e.Message.TrimEnd('.')}. Check EMBEDDING_URL and that the server runs.", e) { IsOutage = true };
        }

        if (response.IsSuccessStatusCode)
            return response;

        using (response)
        {
            if (response.Headers.Location is { } other && (int)response.StatusCode is >= 300 and < 400)
                throw new MemoryException(Redirected(new Uri(address, other))) { IsOutage = true };

            var error = await ProviderError.ReadAsync(response, cancellationToken);
            var offered = error.IsUnknownModel ? await OfferedAsync(request, cancellationToken) : "";
            throw new MemoryException(WithoutKey(Sentence(error, offered))) { IsOutage = !error.IsTooLong && error.Status is not (HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity) };
        }
    }

    /// <summary>What is embedded is somebody's memory: it goes to the server that was configured, and to no other that one names.</summary>
    private string Redirected(Uri other) =>
        $"{Provider} sends us to {other.GetLeftPart(UriPartial.Path)}, and the text isn't taken there. Set EMBEDDING_URL to the address that is meant.";

    private string Sentence(ProviderError error, string offered) => error switch
    {
        { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } when options.ApiKey is null =>
            $"{Provider} wants a key. Set EMBEDDING_API_KEY.",
        { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
            // Its own words may hold a part of the key.
            $"{Provider} refused the key in EMBEDDING_API_KEY (status {(int)error.Status}). Check the key and what it may do.",
        { IsUnknownModel: true } =>
            $"{Provider} has no model '{model}'. {offered}Set EMBEDDING_MODEL{(options.Provider is EmbeddingProvider.Ollama ? $", or run: ollama pull {model}" : "")}.",
        { IsTooLong: true } =>
            $"The text is too long for the embedding model {model}: {Said(error)} Send it in smaller parts.",
        { Status: HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed } =>
            $"{Provider} has no embeddings API at this address: {Said(error)} Check EMBEDDING_URL{(options.Provider is EmbeddingProvider.OpenAi ? "; it usually ends in /v1" : "")}.",
        { Status: HttpStatusCode.TooManyRequests } =>
            $"{Provider} refuses more requests for now: {Said(error)} Try again later, or check the quota of the key.",
        { Status: >= HttpStatusCode.InternalServerError } =>
            $"{Provider} failed: {Said(error)} Try again later.",
        _ => $"{Provider} refused the request: {Said(error)} Check EMBEDDING_MODEL and EMBEDDING_DIMENSIONS.",
    };

    private static string Said(ProviderError error) =>
        error.Message.Length > 0 ? $"{error.Message.TrimEnd('.')} (status {(int)error.Status})." : $"status {(int)error.Status}.";

    private string WithoutKey(string sentence) => string.IsNullOrEmpty(options.ApiKey) ? sentence : sentence.Replace(options.ApiKey, "***", StringComparison.Ordinal);

    /// <summary>A sentence on the models that there are; empty where the server doesn't say.</summary>
    private async Task<string> OfferedAsync(HttpRequestMessage original, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, options.Provider is EmbeddingProvider.Ollama ? "api/tags" : "models"));
        request.Headers.Authorization = original.Headers.Authorization;
        try
        {
            using var response = await base.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                return "";

            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            var names = Names(document.RootElement).OrderByDescending(name => name.Contains("embed", StringComparison.OrdinalIgnoreCase)).ToList();
            return names.Count == 0 ? "" : $"It offers {string.Join(", ", names.Take(MostModels))}{(names.Count > MostModels ? ", …" : "")}. ";
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException or JsonException)
        {
            // The list is a courtesy; the sentence is right without it.
            return "";
        }
    }

    /// <summary>OpenAI: <c>{"data": [{"id"}]}</c>. Ollama: <c>{"models": [{"name"}]}</c>.</summary>
    private static IEnumerable<string> Names(JsonElement json) =>
        from list in json.ValueKind is JsonValueKind.Object ? json.EnumerateObject().AsEnumerable() : []
        where list.Name is "data" or "models" && list.Value.ValueKind is JsonValueKind.Array
        from model in list.Value.EnumerateArray()
        where model.ValueKind is JsonValueKind.Object
        from member in model.EnumerateObject()
        where member.Name is "id" or "name" && member.Value.ValueKind is JsonValueKind.String
        select member.Value.GetString()!;
}
