using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Telemetry;

namespace McpQdrant.Core.Access;

/// <summary>Writes down who changed what, and who was refused: one event each, of the category <c>McpQdrant.Audit</c>.</summary>
/// <remarks>Never a text, a question, a key or a token. What callers chose themselves is made harmless, so that it can't pass for another event.</remarks>
public sealed partial class AuditLog(ILoggerFactory loggers)
{
    /// <summary>More than these of one event would burden the log; their number is in the outcome.</summary>
    private const int MaxIds = 100;

    private readonly ILogger _logger = loggers.CreateLogger("McpQdrant.Audit");

    /// <param name="outcome">What became of it, for instance <c>stored</c>.</param>
    public void Changed(string caller, string tool, CollectionName? collection, IReadOnlyList<MemoryId> ids, string outcome)
    {
        if (_logger.IsEnabled(LogLevel.Information))
            WriteChange(LogText.Of(caller), tool, InStore(collection), ids.Take(MaxIds), outcome);
    }

    /// <summary>A change was tried and didn't happen.</summary>
    public void Failed(string caller, string tool, CollectionName? collection, IReadOnlyList<MemoryId> ids) =>
        WriteFailure(LogText.Of(caller), tool, InStore(collection), ids.Take(MaxIds), "failed");

    /// <param name="caller">The caller's name, or its address where it has none.</param>
    /// <param name="action">The tool, or what else was asked for.</param>
    /// <param name="what">What was refused.</param>
    public void Refused(string caller, string action, string? collection, string what) =>
        WriteRefusal(LogText.Of(caller), LogText.Of(action), collection is null ? null : LogText.Of(collection), $"refused: {what}");

    private static string? InStore(CollectionName? collection) =>
        collection is { } name ? LogText.Of(name.IsInaccessible ? name.ToString() : name.Value) : null;

    [LoggerMessage(1, LogLevel.Information, "{Caller} {Tool} {Collection} {Ids} {Outcome}", EventName = "change")]
    private partial void WriteChange(string caller, string tool, string? collection, IEnumerable<MemoryId> ids, string outcome);

    [LoggerMessage(2, LogLevel.Warning, "{Caller} {Tool} {Collection} {Ids} {Outcome}", EventName = "failure")]
    private partial void WriteFailure(string caller, string tool, string? collection, IEnumerable<MemoryId> ids, string outcome);

    [LoggerMessage(3, LogLevel.Warning, "{Caller} {Tool} {Collection} {Outcome}", EventName = "refusal")]
    private partial void WriteRefusal(string caller, string tool, string? collection, string outcome);
}
