using McpQdrant.Core.Memories;
using Microsoft.Extensions.AI;

namespace McpQdrant.Embeddings.Remote;

/// <summary>Sends many texts to a provider in requests of a size that every provider takes, several at once.</summary>
/// <param name="concurrency">Requests of one call at once; all calls together are limited by <see cref="ProviderRetries"/>.</param>
internal sealed class BatchedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, Uri address, int concurrency)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    // The smallest limits among common servers: Text Embeddings Inference takes 32 texts; OpenAI takes 2,048, and 300,000 tokens in all.
    private const int MostTexts = 32;
    private const int MostCharacters = 100_000;

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var batches = Batches(values).ToList();
        var answers = new GeneratedEmbeddings<Embedding<float>>[batches.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, batches.Count, parallel, async (i, token) => answers[i] = await SendAsync(batches[i], options, token));
        return new GeneratedEmbeddings<Embedding<float>>(answers.SelectMany(answer => answer));
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> SendAsync(List<string> batch, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        GeneratedEmbeddings<Embedding<float>> answer;
        try
        {
            answer = await base.GenerateAsync(batch, options, cancellationToken);
        }
        catch (Exception e) when (e is not (MemoryException or OperationCanceledException))
        {
            // Refusals and broken connections are sentences by now. What is left is an answer that the client library
            // stumbled over: it throws what it happens to throw, NullReferenceException too.
            throw new MemoryException($"What {address.Scheme}://{address.Authority} answered isn't an answer of an embeddings API. Check EMBEDDING_PROVIDER and EMBEDDING_URL.", e);
        }

        if (answer.Count != batch.Count)
            throw new MemoryException($"The embedding provider at {address.Scheme}://{address.Authority} answered with {answer.Count} vectors for {batch.Count} texts. Check EMBEDDING_PROVIDER and EMBEDDING_URL.");
        if (batch.Count == 1 && answer.Usage?.InputTokenCount is { } tokens)
            new TokenCount((int)tokens, Total: null, IsCut: false).AddTo(answer[0]);
        return answer;
    }

    private static IEnumerable<List<string>> Batches(IEnumerable<string> texts)
    {
        var batch = new List<string>();
        var characters = 0;
        foreach (var text in texts)
        {
            if (batch.Count == MostTexts || (batch.Count > 0 && characters + text.Length > MostCharacters))
            {
                yield return batch;
                (batch, characters) = ([], 0);
            }
            batch.Add(text);
            characters += text.Length;
        }
        if (batch.Count > 0)
            yield return batch;
    }
}
