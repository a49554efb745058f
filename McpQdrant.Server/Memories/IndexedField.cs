using McpQdrant.Server.Configuration;

namespace McpQdrant.Server.Memories;

/// <param name="Path">A payload path, for instance <c>metadata.project</c>.</param>
internal sealed record IndexedField(string Path, FieldType Type);
