namespace McpQdrant.Server.Memories;

/// <summary>Examines where memories are kept, for somebody who wonders whether all is well.</summary>
internal interface IStoreInspection
{
    /// <returns>A sentence on what is there.</returns>
    /// <exception cref="MemoryException">It can't be used; the message says what to do.</exception>
    Task<string> InspectAsync(CancellationToken cancellationToken);
}
