namespace McpQdrant.Hosting.Qdrant;

/// <summary>Qdrant's image, the version that the contract tests passed on.</summary>
internal static class QdrantImage
{
    public const string Registry = "docker.io";
    public const string Name = "qdrant/qdrant";
    public const string Tag = "v1.19.0";
    public const string DataFolder = "/qdrant/storage";
}
