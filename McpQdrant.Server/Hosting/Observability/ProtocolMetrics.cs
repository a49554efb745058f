using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using McpQdrant.Core.Telemetry;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Hosting.Observability;

/// <summary>Records again how long requests took, as the MCP SDK measures it, with names that are known: a caller may send any.</summary>
/// <remarks>Listens only where the figure is collected; else the SDK would measure for nothing.</remarks>
internal sealed class ProtocolMetrics(IEnumerable<McpServerTool> tools, IEnumerable<McpServerPrompt> prompts) : IHostedService, IDisposable
{
    private const string Duration = "mcp.server.operation.duration";
    private const string Other = "_OTHER";

    private static readonly Histogram<double> Durations = MemoryTelemetry.Meter.CreateHistogram<double>(Duration, "s", "How long a request took.");

    private static readonly FrozenSet<string> Methods = FrozenSet.Create(
        StringComparer.Ordinal,
        RequestMethods.Initialize, RequestMethods.Ping, RequestMethods.ToolsList, RequestMethods.ToolsCall, RequestMethods.PromptsList, RequestMethods.PromptsGet,
        RequestMethods.ResourcesList, RequestMethods.ResourcesRead, RequestMethods.ResourcesTemplatesList, RequestMethods.CompletionComplete,
        NotificationMethods.InitializedNotification, NotificationMethods.CancelledNotification);

    private readonly MeterListener _listener = new();
    private readonly FrozenSet<string> _tools = tools.Select(tool => tool.ProtocolTool.Name).ToFrozenSet(StringComparer.Ordinal);
    private readonly FrozenSet<string> _prompts = prompts.Select(prompt => prompt.ProtocolPrompt.Name).ToFrozenSet(StringComparer.Ordinal);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Durations.Enabled)
            return Task.CompletedTask;

        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MemoryTelemetry.ProtocolName && instrument.Name == Duration)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Record(seconds, tags));
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    private void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var known = new TagList();
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "mcp.method.name":
                    known.Add(name, OneOf(Methods, value));
                    break;
                case "gen_ai.tool.name":
                    known.Add(name, OneOf(_tools, value));
                    break;
                case "gen_ai.prompt.name":
                    known.Add(name, OneOf(_prompts, value));
                    break;
                // Made by the SDK of what happened, not of what was sent.
                case "network.transport" or "gen_ai.operation.name" or "error.type" or "rpc.response.status_code":
                    known.Add(name, value);
                    break;
            }
        }
        Durations.Record(seconds, known);
    }

    private static string OneOf(FrozenSet<string> names, object? value) => value is string text && names.Contains(text) ? text : Other;
}
