using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Embeddings;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Embeddings;

public sealed class ServerSideEmbedderTests
{
    private static readonly EmbeddingOptions Options = new() { Provider = EmbeddingProvider.Qdrant };

    [Fact]
    public async Task Texts_are_passed_on_with_the_model()
    {
        var embedder = Embedder(Options with { Model = "BAAI/bge-small-en-v1.5", QueryPrefix = "find: " });

        var question = await embedder.EmbedQueryAsync("hello", default);
        var document = await embedder.EmbedDocumentAsync("hello", default);

        Assert.Equal(new SemanticVector.Inferred("find: hello", "BAAI/bge-small-en-v1.5"), question.Vector);
        Assert.Equal(new SemanticVector.Inferred("hello", "BAAI/bge-small-en-v1.5"), document.Vector);
        Assert.Equal(new EmbeddingIdentity("qdrant", "BAAI/bge-small-en-v1.5", 384, "find: |"), await embedder.IdentifyAsync(default));
    }

    [Fact]
    public async Task The_size_of_an_unknown_model_must_be_set()
    {
        var error = await Assert.ThrowsAsync<MemoryException>(async () => await Embedder(Options with { Model = "my/model" }).IdentifyAsync(default));
        var identity = await Embedder(Options with { Model = "my/model", Dimensions = 99 }).IdentifyAsync(default);

        Assert.Contains("EMBEDDING_DIMENSIONS", error.Message);
        Assert.Equal(99, identity.Dimensions);
    }

    private static ITextEmbedder Embedder(EmbeddingOptions options) =>
        new ServiceCollection().AddEmbeddings(options).BuildServiceProvider().GetRequiredService<ITextEmbedder>();
}
