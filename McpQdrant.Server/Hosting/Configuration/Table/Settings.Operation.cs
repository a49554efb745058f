using Level = Microsoft.Extensions.Logging.LogLevel;

namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<string?> File = new("MCP_SETTINGS", PathFormats.ExistingFile.OrNull())
    {
        Option = "--settings",
        Meaning = "A settings file; what it sets counts before the `appsettings.json` beside the program. Not read from a file itself.",
    };

    public static readonly Setting<Level> LogLevel = new("FASTMCP_LOG_LEVEL", Formats.Choice(
        ("DEBUG", Level.Debug), ("INFO", Level.Information), ("WARNING", Level.Warning), ("ERROR", Level.Error), ("CRITICAL", Level.Critical)))
    {
        Synonyms = ["MCP_LOG_LEVEL"],
        Default = "INFO",
        Meaning = "How much is logged.",
    };

    public static readonly Setting<LogFormat> LogFormat = new("MCP_LOG_FORMAT", Formats.Choice(
        ("text", Hosting.LogFormat.Text), ("json", Hosting.LogFormat.Json)))
    {
        Default = "text",
        Meaning = "Log lines for people or for machines. Logs go to standard error.",
    };

    public static readonly Setting<TimeSpan> ShutdownTimeout = new("MCP_SHUTDOWN_TIMEOUT", DurationFormat.Between("0s", "10m"))
    {
        Default = "8s",
        Meaning = "How long the server finishes what is under way when it is told to stop. Docker kills it after 10 seconds.",
    };

    public static readonly Setting<TimeSpan> ShutdownDelay = new("MCP_SHUTDOWN_DELAY", DurationFormat.Between("0s", "10m"))
    {
        Default = "0s",
        Meaning = "How long the server over HTTP goes on serving when it is told to stop, while `/health` says 503 already, so that a load balancer notices. "
            + "Then comes `MCP_SHUTDOWN_TIMEOUT`.",
    };

    private static SettingGroup OperationGroup => new(
        "Operation",
        "Traces and metrics follow OpenTelemetry's own variables; they are sent where `OTEL_EXPORTER_OTLP_ENDPOINT` is set.",
        [File, LogLevel, LogFormat, ShutdownDelay, ShutdownTimeout]);
}
