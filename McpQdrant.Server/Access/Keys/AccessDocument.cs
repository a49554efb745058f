namespace McpQdrant.Server.Access.Keys;

/// <summary>The access file: <c>{"callers": […]}</c>.</summary>
internal sealed record AccessDocument(IReadOnlyList<CallerEntry?>? Callers);
