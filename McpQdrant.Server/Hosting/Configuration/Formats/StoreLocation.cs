namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Where memories are kept.</summary>
internal abstract record StoreLocation
{
    private const string InMemoryText = ":memory:";

    private static readonly SettingFormat<IReadOnlyList<Uri>> Addresses =
        Formats.List("addresses", new SettingFormat<Uri>("an http or https address such as http://localhost:6333", Address));

    /// <summary>What <c>QDRANT_URL</c> may hold.</summary>
    public static SettingFormat<StoreLocation> UrlFormat { get; } = new(
        "an http or https address such as http://localhost:6333, several with commas between them, or :memory:", text =>
        IsInMemory(text) ? new InMemory() : IsList(text) ? List(text) : new Server(QdrantUrl.Read(text)));

    /// <summary>What <c>QDRANT_LOCAL_PATH</c> may hold.</summary>
    public static SettingFormat<StoreLocation> PathFormat { get; } = new("a folder, which need not exist, or :memory:", text =>
        IsInMemory(text) ? new InMemory() : new Folder(PathFormats.Folder(text)));

    public static StoreLocation From(SettingValues values) => values.Get(Settings.QdrantUrl) ?? values.Get(Settings.LocalPath)!;

    private static bool IsInMemory(string text) => text.AsSpan().Trim().Equals(InMemoryText, StringComparison.OrdinalIgnoreCase);

    private static bool IsList(string text) => text.Contains(',') || text.AsSpan().TrimStart().StartsWith('[') && text.AsSpan().TrimEnd().EndsWith(']');

    private static Server List(string text)
    {
        var urls = Addresses.ReadTyped(text).Distinct().ToArray();
        return urls.Length > 0 ? new Server(urls[0]) { Others = urls[1..] } : throw new SettingException();
    }

    private static Uri Address(string text) => IsInMemory(text)
        ? throw new SettingException($"{InMemoryText} can't stand among addresses. Write either {InMemoryText} or addresses.")
        : QdrantUrl.Read(text);

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
        /// <summary>Further addresses of the same data, for when this one doesn't answer.</summary>
        public IReadOnlyList<Uri> Others { get; init; } = [];

        public override string ToString() => string.Join(", ", Others.Prepend(Url).Select(url => url.OriginalString));
    }
}
