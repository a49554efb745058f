using System.Net;
using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Stores.Qdrant;

/// <summary>Qdrant's answer was an error: as a sentence, and as it came for those who can make something of it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="reason">The text of the error, as Qdrant wrote it; empty where there was none.</param>
internal sealed class QdrantRefusal(string message, HttpStatusCode status, string reason) : MemoryException(message)
{
    public HttpStatusCode Status { get; } = status;

    public string Reason { get; } = reason;
}
