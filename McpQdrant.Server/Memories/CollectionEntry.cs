using McpQdrant.Server.Configuration;

namespace McpQdrant.Server.Memories;

/// <summary>A collection as a caller sees it.</summary>
/// <param name="Model">The model that wrote it; null where that is not written down.</param>
/// <param name="Mode">How it is searched; null where it can't be used.</param>
/// <param name="Problem">Why it can't be used; null where it can.</param>
internal sealed record CollectionEntry(CollectionName Name, long Points, string? Model, SearchMode? Mode, string? Problem);
