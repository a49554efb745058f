using McpQdrant.Server.Access;
using McpQdrant.Server.Configuration;
using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Tools;

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
