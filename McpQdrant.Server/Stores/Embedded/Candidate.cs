using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Stores.Embedded;

/// <summary>A memory that a scan found, and its place in the index. Ordered by id.</summary>
internal readonly record struct Candidate(MemoryId Id, int Place) : IComparable<Candidate>
{
    public int CompareTo(Candidate other) => Id.CompareTo(other.Id);
}
