namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Where memories are kept.</summary>
internal abstract record StoreLocation
{
    private const string InMemoryText = ":memory:";

    /// <summary>What <c>QDRANT_URL</c> may hold.</summary>
    public static SettingFormat<StoreLocation> UrlFormat { get; } = new(
        "an http or https address such as http://localhost:6333, or :memory:", text =>
        IsInMemory(text) ? new InMemory() : new Server(QdrantUrl.Read(text)));

    /// <summary>What <c>QDRANT_LOCAL_PATH</c> may hold.</summary>
    public static SettingFormat<StoreLocation> PathFormat { get; } = new("a folder, which need not exist, or :memory:", text =>
        IsInMemory(text) ? new InMemory() : new Folder(PathFormats.Folder(text)));

    public static StoreLocation From(SettingValues values) => values.Get(Settings.QdrantUrl) ?? values.Get(Settings.LocalPath)!;

    private static bool IsInMemory(string text) => text.AsSpan().Trim().Equals(InMemoryText, StringComparison.OrdinalIgnoreCase);

    /// <summary>In this process, and lost when it ends.</summary>
    public sealed record InMemory : StoreLocation
    {
        public override string ToString() => InMemoryText;
    }

    /// <param name="Path">The absolute path of the embedded store's folder.</param>
    public sealed record Folder(string Path) : StoreLocation
    {
        public override string ToString() => Path;
    }

    /// <param name="Url">The address of Qdrant's REST API, possibly with a path prefix.</param>
    public sealed record Server(Uri Url) : StoreLocation
    {
        public override string ToString() => Url.OriginalString;
    }
}
