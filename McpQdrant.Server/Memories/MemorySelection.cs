using McpQdrant.Server.Filters;

namespace McpQdrant.Server.Memories;

/// <summary>Which memories to delete: by id, or all that satisfy a filter. Never "all": an empty filter is refused where it is parsed.</summary>
internal abstract record MemorySelection
{
    private MemorySelection()
    {
    }

    internal sealed record ByIds(IReadOnlyList<MemoryId> Ids) : MemorySelection;

    internal sealed record ByFilter(Filter Filter) : MemorySelection;
}
