using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Server.Authentication;

/// <summary>Keeps log events with their values.</summary>
internal sealed class LogCapture : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEvent> _events = [];

    public IReadOnlyList<LogEvent> Events => [.. _events];

    public IEnumerable<LogEvent> AuditLog => _events.Where(entry => entry.Category == "McpQdrant.Audit");

    public ILogger<T> CreateLogger<T>() => LoggerFactory.Create(logging => logging.AddProvider(this)).CreateLogger<T>();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _events);

    public void Clear() => _events.Clear();

    public void Dispose()
    {
    }

    internal sealed record LogEvent(string Category, LogLevel Level, string? Name, string Text, IReadOnlyDictionary<string, object?> Values);

    private sealed class Logger(string category, ConcurrentQueue<LogEvent> events) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? pairs.ToDictionary() : [];
            events.Enqueue(new LogEvent(category, logLevel, eventId.Name, $"{formatter(state, exception)}{exception}", values));
        }
    }
}
