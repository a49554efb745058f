using System.Security.Claims;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Arguments;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary>What each call of a tool passes on its way in and out: whether its caller may, and what is written down about it.</summary>
internal sealed partial class ToolGate(AccessPolicy policy, AuditLog audit, ILogger<ToolGate> logger)
{
    /// <exception cref="AccessDeniedException">The caller may not use this tool.</exception>
    public ToolCall Admit(ClaimsPrincipal? user, ToolName tool, ToolArguments arguments)
    {
        var caller = policy.CallerOf(user);
        policy.Demand(caller, tool);
        return new ToolCall(caller, tool, arguments);
    }

    public void Done(ToolCall call)
    {
        if (call.Change is { } change)
            audit.Changed(call.Caller.Name, call.Tool.ProtocolName(), call.Collection, call.Ids, change);
    }

    /// <param name="call">Null where it was not admitted, which the policy has written down.</param>
    public void Refused(ToolName tool, ToolCall? call, MemoryException failure)
    {
        AuditFailure(call);
        if (failure.IsOutage)
            Hindered(tool.ProtocolName(), failure.Message);
        else
            Refused(tool.ProtocolName(), failure.Message);
    }

    public void Failed(ToolName tool, ToolCall? call, Exception failure)
    {
        AuditFailure(call);
        Failed(tool.ProtocolName(), failure);
    }

    private void AuditFailure(ToolCall? call)
    {
        if (call is not null && call.Tool.Changes())
            audit.Failed(call.Caller.Name, call.Tool.ProtocolName(), call.Collection, call.Ids);
    }

    // The reason may quote what the caller sent, so it is for those who look for it.
    [LoggerMessage(LogLevel.Debug, "{Tool} was refused: {Reason}")]
    private partial void Refused(string tool, string reason);

    [LoggerMessage(LogLevel.Warning, "{Tool} could not be done: {Reason}")]
    private partial void Hindered(string tool, string reason);

    [LoggerMessage(LogLevel.Error, "{Tool} failed")]
    private partial void Failed(string tool, Exception failure);
}
