using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Telemetry;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary>A tool whose description is ready-made, so that nothing is found out by reflection; and the one place where failures become answers.</summary>
internal abstract class MemoryTool(ToolName tool, Tool description, ToolGate gate) : McpServerTool
{
    private readonly IReadOnlyList<string> _arguments =
        [.. description.InputSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name)];

    public sealed override Tool ProtocolTool => description;

    public sealed override IReadOnlyList<object> Metadata => [];

    public sealed override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        ToolCall? call = null;
        try
        {
            call = gate.Admit(request.User, tool, new ToolArguments(request.Params?.Arguments));
            call.Arguments.AllowOnly(_arguments, WhyNot);
            var result = await CallAsync(call, cancellationToken);
            gate.Done(call);
            return result;
        }
        catch (MemoryException failure)
        {
            MemoryMetrics.Refused(description.Name);
            gate.Refused(tool, call, failure);
            return ToolResult.Error(failure.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            gate.Failed(tool, call, failure);
            return ToolResult.Error($"{description.Name} failed by a fault of the server; its log says more. Try again, and report it if it stays.");
        }
    }

    /// <summary>Why an argument that this tool doesn't have is refused; null where there is nothing more to say.</summary>
    protected virtual string? WhyNot(string argument) => null;

    /// <exception cref="MemoryException">Something that the caller can mend; its message is the answer.</exception>
    protected abstract Task<CallToolResult> CallAsync(ToolCall call, CancellationToken cancellationToken);
}

/// <summary>One call of a tool: who calls, with what arguments, and what was done, for the audit.</summary>
internal sealed class ToolCall(Caller caller, ToolName tool, ToolArguments arguments)
{
    public Caller Caller => caller;

    public ToolName Tool => tool;

    public ToolArguments Arguments => arguments;

    /// <summary>The collection it is about, once that is known.</summary>
    public CollectionName? Collection { get; set; }

    /// <summary>The memories it is about, as far as they are known.</summary>
    public IReadOnlyList<MemoryId> Ids { get; set; } = [];

    /// <summary>What it changed, for instance <c>stored</c>; null where it changed nothing.</summary>
    public string? Change { get; set; }
}
