using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Embeddings;
using EmbeddingGenerationOptions = Microsoft.Extensions.AI.EmbeddingGenerationOptions;

namespace McpQdrant.Embeddings.Remote;

/// <summary>A server that speaks OpenAI's embeddings API.</summary>
/// <remarks>
/// Over OpenAI's own client. Microsoft.Extensions.AI.OpenAI takes the vectors in the order in which they come; servers may send
/// them in another, and say by an index which text is meant.
/// </remarks>
/// <param name="http">Carries the key, the retries and the time limit.</param>
internal sealed class OpenAIEmbeddingGenerator(HttpClient http, Uri address, string model) : IEmbeddingGenerator<string, Embedding<float>>
{
#pragma warning disable OPENAI001 // The way to send no key at all.
    private readonly EmbeddingClient _client = new(model, new NoAuthentication(), new OpenAIClientOptions
    {
        Endpoint = address,
        Transport = new HttpClientPipelineTransport(http),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        NetworkTimeout = Timeout.InfiniteTimeSpan,
    });
#pragma warning restore OPENAI001

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = (await _client.GenerateEmbeddingsAsync(values, new() { Dimensions = options?.Dimensions }, cancellationToken)).Value;
        // Stable: where a server sends no indexes, all are 0 and the order stays.
        return new GeneratedEmbeddings<Embedding<float>>(answer.OrderBy(item => item.Index).Select(item => new Embedding<float>(item.ToFloats())))
        {
            Usage = answer.Usage is { } usage ? new UsageDetails { InputTokenCount = usage.InputTokenCount } : null,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    /// <summary>The HTTP client sends the key, where there is one; local servers want none.</summary>
    private sealed class NoAuthentication : AuthenticationPolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNext(message, pipeline, currentIndex);

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNextAsync(message, pipeline, currentIndex);
    }
}
