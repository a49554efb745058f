namespace McpQdrant.Server.Configuration;

/// <summary>The tools an agent may be given; <c>Find</c> is <c>qdrant-find</c>.</summary>
internal enum ToolName
{
    Find,
    Store,
    Update,
    Forget,
    Collections,
}
