namespace McpQdrant.Stores.Qdrant;

/// <summary>Where the Qdrant server is, how it is spoken to, and what new collections are made with.</summary>
public sealed class QdrantOptions
{
    /// <summary>Where Qdrant's REST API listens unless it is told otherwise.</summary>
    public const int RestPort = 6333;

    /// <summary>Address of the REST API with its port and, behind a proxy, a path.</summary>
    public required Uri Url { get; init; }

    /// <summary>Sent as the header <c>api-key</c>, never logged; null where the server asks for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The longest that one call may take, retries and waits included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A PEM file of the certificate authorities to trust in place of the system's; null for the system's.</summary>
    public string? CaCertificate { get; init; }

    /// <summary>Shards of new collections; null for the server's default.</summary>
    public int? ShardNumber { get; init; }

    /// <summary>Copies of each shard of new collections; null for the server's default.</summary>
    public int? ReplicationFactor { get; init; }

    /// <summary>Whether the vectors of new collections are read from disk rather than kept in memory; null for the server's default.</summary>
    public bool? OnDisk { get; init; }

    /// <summary>How the vectors of new collections are compressed.</summary>
    public QuantizationKind Quantization { get; init; }
}

/// <summary>How Qdrant compresses the vectors of a new collection.</summary>
public enum QuantizationKind
{
    None,
    Scalar,
    Binary,
}
