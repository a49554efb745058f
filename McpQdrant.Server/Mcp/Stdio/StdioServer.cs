using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>Serves one client over standard input and output.</summary>
internal static partial class StdioServer
{
    /// <summary>Returns when the input ended, or <paramref name="stopping"/> said so, and everything read by then is answered.</summary>
    public static async Task RunAsync(IServiceProvider services, Stream input, Stream output, StdioOptions options, CancellationToken stopping)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var serverOptions = services.GetRequiredService<IOptions<McpServerOptions>>().Value;

        await using var transport = new StdioTransport(input, output, new RequestKind(services.GetServices<McpServerTool>()), options.MaxLineBytes, loggers.CreateLogger<StdioTransport>());
        await using var server = McpServer.Create(transport, serverOptions, loggers, services);
        var session = server.RunAsync(CancellationToken.None);

        await Task.WhenAny(transport.ReadToEndAsync(stopping), session);

        var answered = transport.Pending.WhenDoneAsync();
        await Task.WhenAny(answered, session, Task.Delay(options.DrainTimeout, CancellationToken.None));
        if (!answered.IsCompleted && !session.IsCompleted)
            GaveUp(loggers.CreateLogger(typeof(StdioServer)), options.DrainTimeout);

        transport.Complete();
        await session;
    }

    [LoggerMessage(LogLevel.Warning, "Some requests were not answered within {Limit} of the end; ending without them")]
    private static partial void GaveUp(ILogger logger, TimeSpan limit);
}

internal sealed record StdioOptions
{
    /// <summary>The longest request, in bytes.</summary>
    public required int MaxLineBytes { get; init; }

    /// <summary>How long requests that were read may still take once the input has ended.</summary>
    public required TimeSpan DrainTimeout { get; init; }
}
