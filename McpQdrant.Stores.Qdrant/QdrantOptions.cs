namespace McpQdrant.Stores.Qdrant;

/// <summary>Where the Qdrant server is, how it is spoken to, and what new collections are made with.</summary>
public sealed class QdrantOptions
{
    /// <summary>Where Qdrant's REST API listens unless it is told otherwise.</summary>
    public const int RestPort = 6333;

    /// <summary>The header that carries the key.</summary>
    internal const string KeyHeader = "api-key";

    /// <summary>Address of the REST API with its port and, behind a proxy, a path.</summary>
    public required Uri Url { get; init; }

    /// <summary>Further addresses of the same data: other nodes of the cluster. A request goes to the first address that answers, <see cref="Url"/> before these.</summary>
    public IReadOnlyList<Uri> OtherUrls { get; init; } = [];

    /// <summary>Whether the nodes that the cluster itself names are used beside the addresses above.</summary>
    public bool Discover { get; init; }

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

    /// <summary>Copies of a shard that must have a write before it is acknowledged, in new collections; null for the server's default.</summary>
    public int? WriteConsistency { get; init; }

    /// <summary>Whether all copies of a shard get writes in one order; null for the server's default, which is weak.</summary>
    public WriteOrdering? WriteOrdering { get; init; }

    /// <summary>How many copies of a shard a read asks, as Qdrant's parameter <c>consistency</c> has it; null for the server's default, one.</summary>
    public string? ReadConsistency { get; init; }

    /// <summary>Whether the vectors of new collections are read from disk rather than kept in memory; null for the server's default.</summary>
    public bool? OnDisk { get; init; }

    /// <summary>How the vectors of new collections are compressed.</summary>
    public QuantizationKind Quantization { get; init; }

    internal IEnumerable<Uri> Addresses => [Url, .. OtherUrls];
}

/// <summary>Who puts the writes to a shard into an order, in Qdrant's words.</summary>
public enum WriteOrdering
{
    /// <summary>Nobody: two writes at once to one memory may come to its copies in different orders.</summary>
    Weak,

    /// <summary>One of the copies that are there; another one when it is gone.</summary>
    Medium,

    /// <summary>Always the same copy; without it nothing is written.</summary>
    Strong,
}

/// <summary>How Qdrant compresses the vectors of a new collection.</summary>
public enum QuantizationKind
{
    None,
    Scalar,
    Binary,
}
