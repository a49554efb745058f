using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Tools;

/// <summary>A collection in a structured result.</summary>
internal sealed record ListedCollection(string Name, long Memories, string? Model, string? Search, string? Problem)
{
    public static ListedCollection Of(CollectionEntry entry) =>
        new(entry.Name.ToString(), entry.Points, entry.Model, entry.Mode?.ToString().ToLowerInvariant(), entry.Problem);
}
