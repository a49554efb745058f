namespace McpQdrant.Server.Stores.Embedded;

/// <summary>Where the embedded store keeps memories.</summary>
internal sealed record EmbeddedStoreOptions
{
    /// <summary>The data folder; made where it doesn't exist. Null keeps everything in this process, until it ends.</summary>
    public string? Folder { get; init; }
}
