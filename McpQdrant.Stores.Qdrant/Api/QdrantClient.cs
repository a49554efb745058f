using System.Net.Http.Headers;
using System.Text.Json;
using McpQdrant.Stores.Qdrant.Mapping;
using Polly.Timeout;

namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>Speaks HTTP with a Qdrant server: sends, reads, and turns every failure into a sentence.</summary>
internal sealed class QdrantClient(HttpClient http, QdrantErrors errors)
{
    /// <summary>The name of its <see cref="HttpClient"/>.</summary>
    public const string Name = "qdrant";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>What is below <c>result</c> in the answer. It stays readable for as long as somebody holds it.</summary>
    /// <exception cref="McpQdrant.Core.Memories.MemoryException">The server refused or could not be reached.</exception>
    public async Task<JsonElement> SendAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        var answer = await ReadAsync(request, cancellationToken);
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("result", out var result) ? result : throw errors.NotQdrant();
    }

    /// <summary>The server's version; it is told without a key.</summary>
    public async Task<Version?> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var greeting = await ReadAsync(new QdrantRequest(HttpMethod.Get, ""), cancellationToken);
        return greeting.ValueKind == JsonValueKind.Object && greeting.TryGetProperty("version", out var version)
            && version.ValueKind == JsonValueKind.String && Version.TryParse(version.GetString()!.Split('-')[0], out var parsed)
                ? parsed
                : null;
    }

    private async Task<JsonElement> ReadAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var message = new HttpRequestMessage(request.Method, request.Path);
            if (!request.Body.IsEmpty)
                message.Content = new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = Json } };

            using var response = await http.SendAsync(message, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? JsonElement.Parse(body, QdrantJson.Deep) : throw errors.Refused(response.StatusCode, body, request);
        }
        catch (JsonException)
        {
            throw errors.NotQdrant();
        }
        catch (HttpRequestException failure)
        {
            throw errors.Unreachable(failure);
        }
        catch (TimeoutRejectedException)
        {
            throw errors.TooSlow();
        }
    }
}
