namespace McpQdrant.Server.Configuration;

/// <summary>How Qdrant compresses the vectors of a new collection.</summary>
internal enum QuantizationKind
{
    None,
    Scalar,
    Binary,
}
