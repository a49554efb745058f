namespace McpQdrant.Memories;

/// <summary>Where the server is, who calls, and how long a call may take.</summary>
public sealed class McpQdrantClientSettings
{
    /// <summary>The address of the server's MCP endpoint, for instance <c>http://localhost:8000/mcp</c>. Null where <see cref="Command"/> starts one.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The key that the server was given, sent as <c>Authorization: Bearer …</c> to <see cref="Endpoint"/> alone; null for none.</summary>
    public string? Key { get; set; }

    /// <summary>Gives the token of each request, where an authorization server issues them; null for none. It takes the place of <see cref="Key"/>.</summary>
    public Func<CancellationToken, ValueTask<string>>? Token { get; set; }

    /// <summary>A program that is started and spoken to over its standard input, for instance <c>mcp-server-qdrant</c>; null where there is an <see cref="Endpoint"/>.</summary>
    public string? Command { get; set; }

    /// <summary>Arguments of <see cref="Command"/>. Default: none.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>Variables of <see cref="Command"/> beside this process's own; null removes one.</summary>
    public IDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>();

    /// <summary>The collection of calls that name none. Default: <c>memories</c>. A server that is bound to one collection uses that.</summary>
    public string Collection { get; set; } = "memories";

    /// <summary>The longest that one call may take, retries included. Default: 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is tried again that a broken connection or a busy server hindered. A deletion, an update or an undo that was sent is not sent again. Default: 3.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>Whether no health check is added. Default: no.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether the client's traces are not collected. Default: no.</summary>
    public bool DisableTracing { get; set; }

    /// <exception cref="MemoriesException">Something is missing, or is chosen twice.</exception>
    internal void Check()
    {
        if (Endpoint is null == Command is null)
            throw new MemoriesException("The client needs either an Endpoint or a Command. Give the address of a server, such as http://localhost:8000/mcp, or the program to start.");
        if (Endpoint is { } endpoint && (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https")))
            throw new MemoriesException("The Endpoint is no address of a server. Give one such as http://localhost:8000/mcp.");
        if (Timeout <= TimeSpan.Zero)
            throw new MemoriesException("The Timeout is not a positive time.");
        if (MaxRetries < 0)
            throw new MemoriesException($"MaxRetries is {MaxRetries}. Give 0 or more.");
    }

    /// <summary>Reads what Aspire gives a program that references the server: <c>Endpoint=http://host:port/mcp;Key=…</c>, or an address alone.</summary>
    /// <exception cref="MemoriesException">It is neither; the sentence doesn't repeat it, since it may hold a key.</exception>
    internal void ReadConnectionString(string name, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            Endpoint = address;
            return;
        }
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (key, value) = part.IndexOf('=') is var at and > 0 ? (part[..at].TrimEnd(), part[(at + 1)..].TrimStart()) : ("", "");
            if (key.Equals("Endpoint", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(value, UriKind.Absolute, out var endpoint))
                Endpoint = endpoint;
            else if (key.Equals("Key", StringComparison.OrdinalIgnoreCase))
                Key = value.Length == 0 ? null : value;
        }
        if (Endpoint is null)
            throw new MemoriesException($"The connection string '{name}' holds no address of a server. Write it as Endpoint=http://host:8000/mcp;Key=key.");
    }
}
