namespace McpQdrant.Server.Transports.Http;

internal sealed record HttpOptions
{
    /// <summary>Addresses to listen on, for instance <c>http://127.0.0.1:8000</c>.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The longest request body, in bytes.</summary>
    public required long MaxRequestBytes { get; init; }

    /// <summary>Whether clients of before 2025 are served too, at <c>/sse</c>.</summary>
    public bool LegacySse { get; init; }

    /// <summary>How long requests under way may still take after the order to stop.</summary>
    public required TimeSpan DrainTimeout { get; init; }
}
