namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<TransportKind> Transport = new("MCP_TRANSPORT", Formats.Choice(
        ("stdio", TransportKind.Stdio), ("sse", TransportKind.Sse), ("streamable-http", TransportKind.Http), ("http", TransportKind.Http)))
    {
        Option = "--transport",
        Default = "stdio",
        Meaning = "How clients talk to the server: over its standard input and output, or over HTTP at `/mcp` (`http` is "
            + "`streamable-http`; `sse` is the older form at `/sse`).",
    };

    public static readonly Setting<string> Host = new("FASTMCP_HOST", ListenAddress.HostFormat)
    {
        Synonyms = ["FASTMCP_SERVER_HOST"],
        Option = "--host",
        Default = "127.0.0.1",
        Meaning = "The address that HTTP listens on; `0.0.0.0` is every IPv4 interface. Any but this machine's own needs authentication, "
            + "see Access.",
    };

    public static readonly Setting<int?> Port = new("FASTMCP_PORT", Formats.Integer(0, 65535).OrNull())
    {
        Synonyms = ["FASTMCP_SERVER_PORT"],
        Option = "--port",
        UnsetMeaning = "`HTTP_PORTS`, else 8000",
        Meaning = "The port that HTTP listens on; 0 for any free one.",
    };

    public static readonly Setting<IReadOnlyList<int>> HttpPorts = new("HTTP_PORTS", ListenAddress.PortsFormat)
    {
        Synonyms = ["PORT", "ASPNETCORE_HTTP_PORTS"],
        Unset = [],
        Meaning = "The ports as platforms give them, where `FASTMCP_PORT` is unset.",
    };

    public static readonly Setting<IReadOnlyList<ListenAddress>> AspNetCoreUrls = new("ASPNETCORE_URLS", ListenAddress.UrlsFormat)
    {
        Unset = [],
        Meaning = "The addresses as Aspire and launch profiles give them, where `FASTMCP_HOST` and `FASTMCP_PORT` are both unset.",
    };

    public static readonly Setting<bool> Rest = new("MCP_REST", Formats.Boolean)
    {
        Default = "false",
        Meaning = "Serves the REST API at `/api/v1` too, beside MCP over HTTP: see [rest.md](rest.md).",
    };

    public static readonly Setting<bool> Explorer = new("MCP_EXPLORER", Formats.Boolean)
    {
        Default = "false",
        Meaning = "Serves a page for people at `/`, to look at memories and mend them, and the REST API, which it calls: see [explorer.md](explorer.md).",
    };

    private static SettingGroup TransportGroup => new(
        "Transport",
        """
        Where HTTP listens is decided in this order:

        1. `FASTMCP_HOST` and `FASTMCP_PORT` (or `--host` and `--port`), if either is set.
           A host without a port takes the ports of `HTTP_PORTS`, else 8000.
        2. `ASPNETCORE_URLS`, which `dotnet run` and Aspire set.
        3. The ports of `HTTP_PORTS`, else 8000, on `127.0.0.1`.

        A platform that gives only a port (`HTTP_PORTS` in Aspire's manifest, `PORT` elsewhere) says nothing of the interface: set
        `FASTMCP_HOST=0.0.0.0` and one of the forms of authentication, and leave `FASTMCP_PORT` unset.
        """,
        [Transport, Host, Port, HttpPorts, AspNetCoreUrls, Rest, Explorer]);
}
