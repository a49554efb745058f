using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Http;
using McpQdrant.Server.Mcp;
using Microsoft.AspNetCore.Connections;

namespace McpQdrant.Server.Cli;

/// <summary>What the server says of itself when it has started, or can't.</summary>
internal static partial class Announcement
{
    /// <summary>One line for an operator's log.</summary>
    public static void Log(IServiceProvider services, SettingValues settings) =>
        Started(
            services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Announcement)),
            McpServices.Version,
            settings.Show(Settings.Transport)!,
            StoreLocation.From(settings).ToString()!,
            settings.Show(Settings.EmbeddingModel)!);

    /// <summary>For a person at a terminal: where it listens, and what to paste into a client.</summary>
    public static string Text(IReadOnlyList<string> addresses, SettingValues settings)
    {
        var isSse = settings.Get(Settings.Transport) == TransportKind.Sse;
        var path = isSse ? "/sse" : HttpServer.Path;
        var wantsKey = settings.IsSet(Settings.ApiKey) || settings.IsSet(Settings.AccessFile);

        return $"""
            McpQdrant {McpServices.Version} listens on {string.Join(" and ", addresses.Select(address => $"{address}{path}"))}
            Memories are kept in {StoreLocation.From(settings)}

            Connect an MCP client with:

              {Snippet(isSse ? "sse" : "http", $"{Reachable(addresses[0])}{path}", wantsKey)}

            {(wantsKey ? $"In place of YOUR_KEY put {KeyHint(settings)}.\n\n" : "")}Ctrl-C ends it.
            """;
    }

    /// <summary>The key itself never stands here: what a server prints is kept in logs.</summary>
    private static string Snippet(string type, string url, bool wantsKey) =>
        "{\"mcpServers\": {\"memory\": {\"type\": \"" + type + "\", \"url\": \"" + url + "\""
        + (wantsKey ? ", \"headers\": {\"Authorization\": \"Bearer YOUR_KEY\"}" : "") + "}}}";

    private static string KeyHint(SettingValues settings) => settings.IsSet(Settings.ApiKey)
        ? $"the key in {Settings.ApiKey.Name}, which `mcp-server-qdrant key show` prints"
        : $"a key of a caller in {Settings.AccessFile.Name}; `mcp-server-qdrant key new NAME` makes one";

    /// <summary>A wildcard address can't be connected to; use loopback.</summary>
    private static string Reachable(string address) => address
        .Replace("://0.0.0.0:", "://127.0.0.1:", StringComparison.Ordinal)
        .Replace("://[::]:", "://127.0.0.1:", StringComparison.Ordinal);

    /// <param name="failure">What starting the server threw.</param>
    public static string CannotListen(IReadOnlyList<ListenAddress> addresses, Exception failure) =>
        failure.InnerException is AddressInUseException && addresses is [var only, ..]
            ? $"Port {only.Port} on {only.Host} is taken. Choose another one with --port."
            : $"Can't listen on {string.Join(" and ", addresses)}: {failure.GetBaseException().Message.TrimEnd('.')}. Choose another address with --host and --port.";

    [LoggerMessage(LogLevel.Information, "McpQdrant {Version} serves over {Transport}; memories in {Store}; model {Model}")]
    private static partial void Started(ILogger logger, string version, string transport, string store, string model);
}
