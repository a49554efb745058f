using McpQdrant.Stores.Qdrant;

namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<StoreLocation?> QdrantUrl = new("QDRANT_URL", StoreLocation.UrlFormat.OrNull())
    {
        Meaning = "The address of Qdrant's REST API; a path prefix may follow. Without a port it is 6333, also with https; with a path, "
            + "which a proxy serves, it is 443 (https) or 80. Several addresses, with commas between them, are nodes of one cluster: requests go to the "
            + "first that answers. `:memory:` keeps memories in this process until it ends.",
        ShowsValue = true,
    };

    public static readonly Setting<bool> Discover = new("QDRANT_DISCOVER", Formats.Boolean)
    {
        Default = "false",
        Meaning = "Uses the nodes that Qdrant's cluster names (`GET /cluster`) beside the addresses in `QDRANT_URL`: their hosts, with the scheme, "
            + "the port and the path of the first address. They get the API key too.",
    };

    public static readonly Setting<string?> QdrantApiKey = new("QDRANT_API_KEY", Formats.Key.OrNull())
    {
        IsSecret = true,
        Meaning = "The key that Qdrant asks for.",
    };

    public static readonly Setting<StoreLocation?> LocalPath = new("QDRANT_LOCAL_PATH", StoreLocation.PathFormat.OrNull())
    {
        UnsetMeaning = "`mcp-server-qdrant` in your user data folder",
        Meaning = "The folder of the embedded store, which is used when no Qdrant server is named. `:memory:` keeps memories in this "
            + "process until it ends.",
        ShowsValue = true,
    };

    public static readonly Setting<TimeSpan> QdrantTimeout = new("QDRANT_TIMEOUT", DurationFormat.Between("1s", "10m"))
    {
        Default = "10s",
        Meaning = "How long an operation on Qdrant may take, with all its retries.",
    };

    public static readonly Setting<WriteOrdering> WriteOrdering = new("QDRANT_WRITE_ORDERING", Formats.Choice(
        ("weak", Stores.Qdrant.WriteOrdering.Weak), ("medium", Stores.Qdrant.WriteOrdering.Medium), ("strong", Stores.Qdrant.WriteOrdering.Strong)))
    {
        Default = "medium",
        Meaning = "Who puts writes into an order where a shard has replicas. `weak`: nobody, so two changes of one memory at once may leave its replicas different; "
            + "`medium`: one of the replicas that are there; `strong`: always the same one, so nothing is written while it is away.",
    };

    public static readonly Setting<string?> ReadConsistency = new("QDRANT_READ_CONSISTENCY", new SettingFormat<string>("majority, quorum, all, or a whole number from 1 to 64", ReadConsistencyOf).OrNull())
    {
        UnsetMeaning = "Qdrant's, one replica",
        Meaning = "How many replicas of a shard a read asks, and so how many must be there.",
    };

    public static readonly Setting<string?> QdrantCaFile = new("QDRANT_CA_FILE", PathFormats.ExistingFile.OrNull())
    {
        Meaning = "A PEM file with the certificate authority that signed Qdrant's certificate, where the system doesn't know it.",
    };

    public static readonly Setting<ConnectionString?> InjectedRest = new("ConnectionStrings__qdrant_http", ConnectionString.Format.OrNull())
    {
        IsSecret = true,
        Meaning = "Qdrant's REST API as Aspire injects it. It stands in for `QDRANT_URL` and `QDRANT_API_KEY` where `QDRANT_URL` is unset.",
    };

    public static readonly Setting<ConnectionString?> InjectedGrpc = new("ConnectionStrings__qdrant", ConnectionString.Format.OrNull())
    {
        IsSecret = true,
        Meaning = "Qdrant's gRPC endpoint as Aspire injects it. Its key is used with the address in `QDRANT_HTTPURI`, where nothing above "
            + "names a server.",
    };

    public static readonly Setting<Uri?> InjectedRestUrl = new("QDRANT_HTTPURI", HttpAddress.Format.OrNull())
    {
        Meaning = "Qdrant's REST address as Aspire injects it; used with `ConnectionStrings__qdrant` alone.",
    };

    /// <returns>The word in Qdrant's spelling.</returns>
    private static string ReadConsistencyOf(string text) => text.Trim().ToLowerInvariant() switch
    {
        ("majority" or "quorum" or "all") and var word => word,
        var number => Formats.Integer(1, 64).ReadTyped(number).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static SettingGroup StoreGroup => new(
        "Where memories are kept",
        "In Qdrant where `QDRANT_URL` or a connection string names one, else in an embedded store in a folder.",
        [QdrantUrl, Discover, QdrantApiKey, LocalPath, QdrantTimeout, WriteOrdering, ReadConsistency, QdrantCaFile, InjectedRest, InjectedGrpc, InjectedRestUrl]);
}
