using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Containers;

/// <summary>The stand-in for Qdrant as a program of its own: of an image, for machines that can't have Qdrant's, and for tests that kill it.</summary>
public sealed class QdrantStandInHost
{
    /// <summary>Where it listens; in an image where Qdrant does.</summary>
    public const string UrlVariable = "QDRANT_STAND_IN_URL";

    /// <summary>The file that keeps what is written; in an image where Qdrant's volume is.</summary>
    public const string StorageVariable = "QDRANT_STAND_IN_STORAGE";

    /// <summary>The key that it asks for, by the name that Qdrant gives it; without it, none.</summary>
    private const string KeyVariable = "QDRANT__SERVICE__API_KEY";

    /// <summary>What makes the tests' own program run it.</summary>
    public static readonly IReadOnlyList<string> Arguments = ["-explicit", "only", "-class", typeof(QdrantStandInHost).FullName!];

    /// <summary>Not a test: it runs where <c>-explicit only</c> asks for it, and ends with its process.</summary>
    [Fact(Explicit = true)]
    public Task Serves_until_it_is_stopped() =>
        QdrantStandIn.RunAsync(
            Environment.GetEnvironmentVariable(UrlVariable) ?? "http://0.0.0.0:6333",
            Environment.GetEnvironmentVariable(StorageVariable) ?? "/qdrant/storage/stand-in.jsonl",
            Environment.GetEnvironmentVariable(KeyVariable),
            TestContext.Current.CancellationToken);
}
