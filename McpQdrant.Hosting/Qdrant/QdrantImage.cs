namespace McpQdrant.Hosting.Qdrant;

/// <summary>Qdrant's image, of the version that the contract tests passed on.</summary>
public static class QdrantImage
{
    /// <summary>The version, for <c>WithImageTag</c> where another package adds Qdrant.</summary>
    public const string Tag = "v1.19.0";

    internal const string Registry = "docker.io";
    internal const string Name = "qdrant/qdrant";
    internal const string DataFolder = "/qdrant/storage";
}
