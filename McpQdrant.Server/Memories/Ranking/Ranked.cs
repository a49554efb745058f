namespace McpQdrant.Server.Memories.Ranking;

/// <summary>A memory's place in a list: the list is ordered by score, highest first, and by id where scores are equal.</summary>
internal readonly record struct Ranked(MemoryId Id, double Score) : IComparable<Ranked>
{
    public int CompareTo(Ranked other)
    {
        var byScore = other.Score.CompareTo(Score);
        return byScore != 0 ? byScore : Id.CompareTo(other.Id);
    }
}
