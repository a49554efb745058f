using McpQdrant.Server.Filters;

namespace McpQdrant.Server.Stores.Embedded;

/// <summary>Says which memories of the index satisfy a filter.</summary>
/// <param name="session">For the texts, which are not in the index.</param>
internal sealed class CandidateFilter(Filter filter, SqliteSession session)
{
    public bool Accepts(in IndexedMemory memory) => throw new NotSupportedException($"{filter} on {memory.Id}, {session.Generation}");
}
