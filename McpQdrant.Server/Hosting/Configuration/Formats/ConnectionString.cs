namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>What Aspire injects for a Qdrant server: <c>Endpoint=http://host:6333;Key=…</c>.</summary>
internal sealed record ConnectionString(Uri Endpoint, string? Key)
{
    public static SettingFormat<ConnectionString> Format { get; } = new("of the form Endpoint=http://host:port;Key=key", Read);

    /// <summary>Without the key.</summary>
    public override string ToString() => $"Endpoint={Endpoint.OriginalString}";

    private static ConnectionString Read(string text)
    {
        Uri? endpoint = null;
        string? key = null;
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, value) = part.IndexOf('=') is var at and > 0 ? (part[..at].TrimEnd(), part[(at + 1)..].TrimStart()) : ("", "");
            if (name.Equals("Endpoint", StringComparison.OrdinalIgnoreCase))
                endpoint = HttpAddress.Read(value);
            else if (name.Equals("Key", StringComparison.OrdinalIgnoreCase))
                key = value.Length == 0 ? null : Formats.Key.ReadTyped(value);
            else
                throw new SettingException();
        }

        return new(endpoint ?? throw new SettingException(), key);
    }
}
