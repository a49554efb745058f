using System.Net;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Where the HTTP server listens.</summary>
/// <param name="Host">An IP address, <c>localhost</c>, or <c>*</c> for every interface.</param>
/// <param name="Port">0 for any free port.</param>
internal sealed record ListenAddress(string Scheme, string Host, int Port)
{
    private const int DefaultPort = 8000;

    /// <summary>What a host may be.</summary>
    /// <remarks>Kestrel takes any other name for every interface, which nobody who writes one would expect.</remarks>
    public static SettingFormat<string> HostFormat { get; } = new("an IP address, localhost, or * for every interface", ReadHost);

    /// <summary>What <c>ASPNETCORE_URLS</c> may hold.</summary>
    public static SettingFormat<IReadOnlyList<ListenAddress>> UrlsFormat { get; } = new(
        "addresses such as http://127.0.0.1:8000, with ';' between them", text =>
        [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ReadUrl)]);

    /// <summary>What <c>HTTP_PORTS</c> may hold.</summary>
    public static SettingFormat<IReadOnlyList<int>> PortsFormat { get; } = new("port numbers from 1 to 65535, with ';' between them", text =>
        [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Formats.Integer(1, 65535).ReadTyped)]);

    public bool IsLoopback => Host == "localhost" || IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address);

    /// <summary>Where to listen: FASTMCP_HOST and FASTMCP_PORT, else ASPNETCORE_URLS; a port that isn't given comes from HTTP_PORTS.</summary>
    public static IReadOnlyList<ListenAddress> From(SettingValues values)
    {
        var urls = values.Get(Settings.AspNetCoreUrls);
        if (urls.Count > 0 && !values.IsSet(Settings.Host) && !values.IsSet(Settings.Port))
            return urls;

        return [.. Ports(values).Select(port => new ListenAddress(Uri.UriSchemeHttp, values.Get(Settings.Host), port))];
    }

    /// <summary>The address as Kestrel takes it, for instance <c>http://[::1]:8000</c>.</summary>
    public override string ToString() => $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";

    private static IReadOnlyList<int> Ports(SettingValues values)
    {
        if (values.Get(Settings.Port) is { } port)
            return [port];

        return values.Get(Settings.HttpPorts) is { Count: > 0 } ports ? ports : [DefaultPort];
    }

    private static string ReadHost(string text) => text.Trim().ToLowerInvariant() switch
    {
        "localhost" => "localhost",
        "*" or "+" => "*",
        var host => IPAddress.TryParse(host, out var address) ? address.ToString() : throw new SettingException(),
    };

    private static ListenAddress ReadUrl(string text)
    {
        var anyHost = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        var url = HttpAddress.Read(anyHost);

        return new(url.Scheme, ReadHost(anyHost == text ? url.DnsSafeHost : "*"), url.Port);
    }
}

/// <summary>How clients talk to the server.</summary>
internal enum TransportKind
{
    Stdio,
    Sse,
    Http,
}
