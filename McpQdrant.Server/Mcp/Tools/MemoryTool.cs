using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Telemetry;
using McpQdrant.Server.Mcp.Asking;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary>A tool whose description is ready-made, with no word and no hint that a model would read to no use (hints by MCP: a tool changes and destroys unless it says otherwise), so that nothing is found out by reflection; and the one place where failures become answers.</summary>
internal abstract partial class MemoryTool(Tool description, AccessPolicy policy, ILogger<MemoryTool> logger) : McpServerTool
{
    private readonly IReadOnlyList<string> _arguments =
        [.. description.InputSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name)];

    public sealed override Tool ProtocolTool => description;

    public sealed override IReadOnlyList<object> Metadata => [];

    public sealed override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        string? ignored = null;
        try
        {
            var arguments = new ToolArguments(request.Params?.Arguments);
            ignored = arguments.PassOver(_arguments, WhyNot);
            var reply = await CallAsync(policy.CallerOf(request.User), arguments, new Person(request), cancellationToken);
            return reply.ToResult(ignored);
        }
        catch (MemoryException failure)
        {
            MemoryMetrics.Refused(description.Name);
            if (failure.IsOutage)
                Hindered(description.Name, failure.Message);
            else
                Refused(description.Name, failure.Message);
            return ToolReply.Error(ignored is null ? failure.Message : $"{failure.Message} {ignored}", failure);
        }
        catch (Exception failure) when (failure is not InputRequiredException && (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            Failed(description.Name, failure);
            return ToolReply.Error($"{description.Name} failed by a fault of the server; its log says more. Try again, and report it if it stays.");
        }
    }

    /// <summary>Why an argument that this tool doesn't have can't be ignored; null where it can.</summary>
    protected virtual string? WhyNot(string argument) => null;

    /// <summary>Reads the arguments, calls one use case, writes the answer.</summary>
    /// <exception cref="MemoryException">Something that the caller can mend; its message is the answer.</exception>
    protected abstract Task<ToolReply> CallAsync(Caller caller, ToolArguments arguments, Person person, CancellationToken cancellationToken);

    // The reason may quote what the caller sent, so it is for those who look for it.
    [LoggerMessage(LogLevel.Debug, "{Tool} was refused: {Reason}")]
    private partial void Refused(string tool, string reason);

    [LoggerMessage(LogLevel.Warning, "{Tool} could not be done: {Reason}")]
    private partial void Hindered(string tool, string reason);

    [LoggerMessage(LogLevel.Error, "{Tool} failed")]
    private partial void Failed(string tool, Exception failure);
}
