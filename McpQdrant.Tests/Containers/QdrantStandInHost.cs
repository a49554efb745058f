using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Containers;

/// <summary>The stand-in for Qdrant as the program of an image, for machines that can't have Qdrant's own.</summary>
public sealed class QdrantStandInHost
{
    /// <summary>Not a test: it runs where <c>-explicit only</c> asks for it, and ends with its process.</summary>
    [Fact(Explicit = true)]
    public Task Serves_until_it_is_stopped() =>
        QdrantStandIn.RunAsync("http://0.0.0.0:6333", "/qdrant/storage/stand-in.jsonl", TestContext.Current.CancellationToken);
}
