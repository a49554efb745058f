using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Http;
using McpQdrant.Server.Mcp;

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
    public static void Print(IReadOnlyList<string> addresses, SettingValues settings)
    {
        var path = settings.Get(Settings.Transport) == TransportKind.Sse ? "/sse" : HttpServer.Path;
        var urls = addresses.Select(address => $"{address}{path}").ToArray();
        var type = settings.Get(Settings.Transport) == TransportKind.Sse ? "sse" : "http";

        Console.WriteLine(
            $"""
            McpQdrant {McpServices.Version} listens on {string.Join(" and ", urls)}
            Memories are kept in {StoreLocation.From(settings)}

            Connect an MCP client with:

              {Snippet(type, urls[0])}

            Ctrl-C ends it.
            """);
    }

    private static string Snippet(string type, string url) =>
        "{\"mcpServers\": {\"memory\": {\"type\": \"" + type + "\", \"url\": \"" + url + "\"}}}";

    public static string CannotListen(IReadOnlyList<ListenAddress> addresses, IOException failure) =>
        failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException && addresses is [var only, ..]
            ? $"Port {only.Port} on {only.Host} is taken. Choose another one with --port."
            : $"Can't listen on {string.Join(" and ", addresses)}: {failure.Message}";

    [LoggerMessage(LogLevel.Information, "McpQdrant {Version} serves over {Transport}; memories in {Store}; model {Model}")]
    private static partial void Started(ILogger logger, string version, string transport, string store, string model);
}
