using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Access;

/// <summary>The caller may not do this.</summary>
internal sealed class AccessDeniedException(string message) : MemoryException(message);
