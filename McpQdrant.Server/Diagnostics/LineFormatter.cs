using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace McpQdrant.Server.Diagnostics;

/// <summary>An event as one line of text, whatever it holds: nothing that a caller sent begins another line or steers a terminal.</summary>
internal sealed class LineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z '", CultureInfo.InvariantCulture));
        textWriter.Write($"{Spell(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] ");
        WriteFlat(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(' ');
            WriteFlat(textWriter, exception.ToString());
        }
        textWriter.Write('\n');
    }

    private static void WriteFlat(TextWriter writer, string text)
    {
        foreach (var character in text)
        {
            if (character is '\n' or '\r')
                writer.Write(' ');
            else if (char.IsControl(character) || character is '\u2028' or '\u2029')
                writer.Write($"\\u{(int)character:x4}");
            else
                writer.Write(character);
        }
    }

    private static string Spell(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
