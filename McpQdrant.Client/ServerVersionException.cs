namespace McpQdrant.Memories;

/// <summary>The server is another program, or of a version that doesn't speak as this client does.</summary>
public sealed class ServerVersionException : MemoriesException
{
    /// <inheritdoc/>
    public ServerVersionException()
    {
    }

    /// <inheritdoc/>
    public ServerVersionException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public ServerVersionException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
