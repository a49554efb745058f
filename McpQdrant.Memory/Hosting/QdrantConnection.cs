namespace McpQdrant.Memories.Hosting;

/// <summary>How a program names a Qdrant server: by its address, or by the connection string that Aspire gives it.</summary>
internal static class QdrantConnection
{
    /// <exception cref="MemoriesException">It is neither; the sentence doesn't repeat it, since it may hold a key.</exception>
    public static (Uri Address, string? Key) Read(string connection)
    {
        if (AddressOf(connection) is { } alone)
            return (alone, null);

        Uri? address = null;
        string? key = null;
        foreach (var part in connection.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, value) = part.IndexOf('=') is var at and > 0 ? (part[..at].TrimEnd(), part[(at + 1)..].TrimStart()) : ("", "");
            if (name.Equals("Endpoint", StringComparison.OrdinalIgnoreCase))
                address = AddressOf(value);
            else if (name.Equals("Key", StringComparison.OrdinalIgnoreCase))
                key = value.Length == 0 ? null : value;
        }
        return address is not null
            ? (address, key)
            : throw new MemoriesException("UseQdrant was given no address. Give one such as http://localhost:6333, or a connection string such as Endpoint=http://host:6333;Key=key.");
    }

    private static Uri? AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Host.Length > 0 && address.UserInfo.Length == 0
            ? address
            : null;
}
