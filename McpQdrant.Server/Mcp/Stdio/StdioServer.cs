using System.IO.Pipelines;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>Serves one client over standard input and output.</summary>
internal static partial class StdioServer
{
    /// <summary>Returns when the input ended, or <paramref name="stopping"/> said so, and everything read by then is answered.</summary>
    /// <returns>False where the input could not be read to its end.</returns>
    public static async Task<bool> RunAsync(IServiceProvider services, Stream input, Stream output, StdioOptions options, CancellationToken stopping)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        // One of its own, since each session has its own filters.
        var serverOptions = services.GetRequiredService<IOptionsFactory<McpServerOptions>>().Create(Options.DefaultName);
        var open = new OpenRequests(services.GetServices<McpServerTool>());
        open.AddFilters(serverOptions.Filters.Message);

        var messages = new Pipe();
        await using var lines = new LineOutput(output, loggers.CreateLogger<LineOutput>());
        await using var transport = new StreamServerTransport(messages.Reader.AsStream(), lines, McpServices.ServerName, loggers);
        await using var server = McpServer.Create(transport, serverOptions, loggers, services);
        using var givingUp = new CancellationTokenSource();
        var session = server.RunAsync(givingUp.Token);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var reading = new StdioInput(input, messages.Writer, lines, open, options.MaxLineBytes, loggers.CreateLogger<StdioInput>()).ReadToEndAsync(ending.Token);
        await Task.WhenAny(reading, session, lines.Broken);
        await ending.CancelAsync();
        var isWhole = await reading;

        var answered = open.WhenEndedAsync();
        await Task.WhenAny(answered, session, lines.Broken, Task.Delay(options.DrainTimeout, CancellationToken.None));
        if (!answered.IsCompleted && !session.IsCompleted && !lines.Broken.IsCompleted)
            GaveUp(loggers.CreateLogger(typeof(StdioServer)), options.DrainTimeout);

        if (!answered.IsCompleted)
            await givingUp.CancelAsync();
        await messages.Writer.CompleteAsync();
        await session;
        return isWhole;
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
