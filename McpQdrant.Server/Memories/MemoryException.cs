namespace McpQdrant.Server.Memories;

/// <summary>A failure that the caller can do something about: the message says what happened and what to do.</summary>
/// <remarks>It reaches the caller as it is, so it holds no secret, no stack and no path that the caller did not give.</remarks>
internal class MemoryException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether it is for the operator as well: the store, the model or the disk doesn't work, whatever the call.</summary>
    public bool IsOutage { get; init; }
}
