namespace McpQdrant.Server.Transports.Stdio;

/// <param name="Utf8">The line, or its first bytes where it <paramref name="IsTooLong"/>.</param>
internal sealed record Line(byte[] Utf8, bool IsTooLong)
{
    public bool IsBlank => Utf8.AsSpan().IndexOfAnyExcept(" \t\r"u8) < 0;
}
