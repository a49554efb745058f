namespace McpQdrant.Server.Transports.Stdio;

internal sealed record StdioOptions
{
    /// <summary>The longest request, in bytes.</summary>
    public required int MaxLineBytes { get; init; }

    /// <summary>How long requests that were read may still take once the input has ended.</summary>
    public required TimeSpan DrainTimeout { get; init; }
}
