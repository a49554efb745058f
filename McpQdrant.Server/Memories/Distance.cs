namespace McpQdrant.Server.Memories;

/// <summary>How vectors are compared. For the first two higher is better, for the others lower.</summary>
internal enum Distance
{
    Cosine,
    Dot,
    Euclid,
    Manhattan,
}
