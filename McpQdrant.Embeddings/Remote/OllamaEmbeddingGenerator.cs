using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace McpQdrant.Embeddings.Remote;

/// <summary>Ollama, by the one call of its API that is needed here: <c>POST /api/embed</c>.</summary>
/// <remarks>OllamaSharp, which has all calls, can't be compiled ahead of time without warnings.</remarks>
/// <param name="http">Has Ollama's address; carries the key, the retries and the time limit.</param>
internal sealed class OllamaEmbeddingGenerator(HttpClient http, string model) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new OllamaEmbedRequest(model, [.. values], options?.Dimensions);

        // As bytes, so that the request says its length: not every proxy takes one that comes in chunks.
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, OllamaJson.Default.OllamaEmbedRequest));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync(new Uri("api/embed", UriKind.Relative), content, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync(OllamaJson.Default.OllamaEmbedAnswer, cancellationToken);

        if (answer?.Embeddings is not { } vectors || vectors.Contains(null))
            throw new JsonException("The answer has no list of vectors.");
        return new GeneratedEmbeddings<Embedding<float>>(vectors.Select(vector => new Embedding<float>(vector)))
        {
            Usage = answer.PromptEvalCount is { } tokens ? new UsageDetails { InputTokenCount = tokens } : null,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}

/// <param name="Dimensions">Numbers in a vector; null for as many as the model makes.</param>
internal sealed record OllamaEmbedRequest(string Model, IReadOnlyList<string> Input, int? Dimensions);

/// <param name="Embeddings">A vector for each text, in their order.</param>
/// <param name="PromptEvalCount">How many tokens the texts had together; null where Ollama doesn't say.</param>
internal sealed record OllamaEmbedAnswer(IReadOnlyList<float[]?>? Embeddings, long? PromptEvalCount);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OllamaEmbedRequest))]
[JsonSerializable(typeof(OllamaEmbedAnswer))]
internal sealed partial class OllamaJson : JsonSerializerContext;
