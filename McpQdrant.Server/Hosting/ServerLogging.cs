using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace McpQdrant.Server.Hosting;

internal static class ServerLogging
{
    /// <summary>Logs to standard error, whatever the transport, since standard output is for the protocol: a line an event, for people or for machines.</summary>
    public static ILoggingBuilder AddServerLogging(this ILoggingBuilder logging, LogFormat format, LogLevel level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        // The frameworks' own chatter is for their developers: the SDK logs each unknown tool as an error with its stack, Polly each
        // attempt to reach Qdrant, where the failure that comes of them is a sentence of ours.
        if (level > LogLevel.Debug)
        {
            foreach (var framework in (string[])["Microsoft", "System"])
                logging.AddFilter(framework, (LogLevel)Math.Max((int)level, (int)LogLevel.Warning));
            foreach (var library in (string[])["ModelContextProtocol", "Polly", "Microsoft.Extensions.AI"])
                logging.AddFilter(library, LogLevel.Critical);
            // A start that fails is told in a sentence when the program ends; these tell it with their stacks.
            logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
            logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", at => at is LogLevel.Warning or LogLevel.Error && at >= level);
            // What the framework writes in its name is in the audit already.
            logging.AddFilter("McpQdrant.Server.Authentication.CallerHandler", LogLevel.None);
        }
        // It writes whole addresses, where somebody may have put a key that belongs into a header.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", (LogLevel)Math.Max((int)level, (int)LogLevel.Warning));
        // Whoever asks for health would write a line each time; the checks themselves tell of changes.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        if (format == LogFormat.Json)
            logging.AddJsonConsole(line => (line.UseUtcTimestamp, line.TimestampFormat) = (true, "O"));
        else
            logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);

        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.Services.AddSingleton<ConsoleFormatter, LineFormatter>();
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return logging;
    }
}

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    Text,
    Json,
}
