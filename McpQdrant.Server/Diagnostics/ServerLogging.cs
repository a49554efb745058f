using McpQdrant.Server.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace McpQdrant.Server.Diagnostics;

internal static class ServerLogging
{
    /// <summary>Logs to standard error, whatever the transport: standard output is for the protocol.</summary>
    public static ILoggingBuilder AddServerLogging(this ILoggingBuilder logging, LogFormat format, LogLevel level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        // The frameworks' own chatter is for their developers; the SDK logs each unknown tool as an error with its stack.
        if (level > LogLevel.Debug)
            logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("ModelContextProtocol", LogLevel.Critical);

        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = format == LogFormat.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-ddTHH:mm:ssZ ", true));
        logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "O"));
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            console.FormatterName = format == LogFormat.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple);
        return logging;
    }
}
