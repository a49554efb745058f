namespace McpQdrant.Core.Access;

/// <summary>The tools an agent may be given; <c>Find</c> is <c>qdrant-find</c>.</summary>
public enum ToolName
{
    Find,
    Store,
    Update,
    Forget,
    Collections,
    Undo,
}

/// <summary>Which rights a tool takes.</summary>
public static class ToolRights
{
    /// <remarks>An update answers with the memory as it is now, and the preview of a deletion shows memories: both read as well.</remarks>
    public static Rights Needed(this ToolName tool) => tool switch
    {
        ToolName.Store => Rights.Write,
        ToolName.Update => Rights.Write | Rights.Read,
        ToolName.Forget => Rights.Forget | Rights.Read,
        ToolName.Undo => Rights.Write | Rights.Forget | Rights.Read,
        _ => Rights.Read,
    };

    public static bool Changes(this ToolName tool) => (tool.Needed() & ~Rights.Read) != Rights.None;

    /// <summary>The tool as callers know it, for instance <c>qdrant-find</c>.</summary>
    public static string ProtocolName(this ToolName tool) => tool switch
    {
        ToolName.Find => "qdrant-find",
        ToolName.Store => "qdrant-store",
        ToolName.Update => "qdrant-update",
        ToolName.Forget => "qdrant-forget",
        ToolName.Collections => "qdrant-collections",
        ToolName.Undo => "qdrant-undo",
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, null),
    };

    /// <returns>Null where no tool has that name.</returns>
    public static ToolName? FromProtocolName(string? name)
    {
        foreach (var tool in Enum.GetValues<ToolName>())
        {
            if (tool.ProtocolName() == name)
                return tool;
        }
        return null;
    }
}
