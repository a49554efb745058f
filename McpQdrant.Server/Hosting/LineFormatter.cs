using System.Globalization;
using McpQdrant.Core.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace McpQdrant.Server.Hosting;

/// <summary>Writes an event as one line for people: <c>2026-03-01T12:00:00Z info: McpQdrant.Audit[1] ann qdrant-store …</c>.</summary>
/// <remarks>
/// The framework's own formatter writes whatever comes but for line feeds: with a carriage return or an escape sequence a caller's
/// words could overwrite a line on a terminal, or look like another.
/// </remarks>
internal sealed class LineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ ", CultureInfo.InvariantCulture));
        textWriter.Write($"{Word(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] ");
        textWriter.Write(LogText.OnOneLine(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is { } exception)
            textWriter.Write($" {LogText.OnOneLine(exception.ToString().ReplaceLineEndings(" "))}");
        textWriter.Write(Environment.NewLine);
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
