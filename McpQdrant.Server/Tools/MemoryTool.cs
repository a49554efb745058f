using McpQdrant.Server.Diagnostics;
using McpQdrant.Server.Memories;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Tools;

/// <summary>A tool whose description is ready-made, so that nothing is found out by reflection; and the one place where failures become answers.</summary>
internal abstract partial class MemoryTool(Tool description, ILogger logger) : McpServerTool
{
    private readonly IReadOnlyList<string> _arguments =
        [.. description.InputSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name)];

    public sealed override Tool ProtocolTool => description;

    public sealed override IReadOnlyList<object> Metadata => [];

    public sealed override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        try
        {
            var arguments = new ToolArguments(request.Params?.Arguments);
            arguments.AllowOnly(_arguments, WhyNot);
            return await CallAsync(arguments, cancellationToken);
        }
        catch (MemoryException failure)
        {
            MemoryMetrics.Refused(description.Name);
            Refused(logger, description.Name, failure.Message);
            return ToolResult.Error(failure.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Failed(logger, description.Name, failure);
            return ToolResult.Error($"{description.Name} failed by a fault of the server; its log says more. Try again, and report it if it stays.");
        }
    }

    /// <summary>Why an argument that this tool doesn't have is refused; null where there is nothing more to say.</summary>
    protected virtual string? WhyNot(string argument) => null;

    /// <exception cref="MemoryException">Something that the caller can mend; its message is the answer.</exception>
    protected abstract Task<CallToolResult> CallAsync(ToolArguments arguments, CancellationToken cancellationToken);

    [LoggerMessage(LogLevel.Information, "{Tool} was refused: {Reason}")]
    private static partial void Refused(ILogger logger, string tool, string reason);

    [LoggerMessage(LogLevel.Error, "{Tool} failed")]
    private static partial void Failed(ILogger logger, string tool, Exception failure);
}
