using McpQdrant.Server.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace McpQdrant.Server.Diagnostics;

internal static class ServerLogging
{
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Logs to standard error, since standard output may be the transport: a line an event, for people or for machines.</summary>
    /// <param name="level">What this program logs. Libraries, which tell of every request at the same level, log one level less.</param>
    public static ILoggingBuilder AddServerLogging(this ILoggingBuilder logging, LogFormat format, LogLevel level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        foreach (var library in (ReadOnlySpan<string>)["Microsoft", "System", "ModelContextProtocol", "Polly"])
            logging.AddFilter(library, level < LogLevel.Warning ? level + 1 : level);
        // Whoever asks would write a line each time; the checks themselves tell of changes.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        if (format == LogFormat.Json)
            logging.AddJsonConsole(json => (json.TimestampFormat, json.UseUtcTimestamp, json.IncludeScopes) = (TimestampFormat.TrimEnd(), true, true));
        else
            logging.AddSimpleConsole(text => (text.TimestampFormat, text.UseUtcTimestamp, text.SingleLine, text.ColorBehavior) = (TimestampFormat, true, true, LoggerColorBehavior.Disabled));

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return logging;
    }
}
