using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Tests.Core.Search.Ranking;

public sealed class CandidateRankingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(40)]
    public void Rank_reads_the_texts_of_those_ahead_in_both_lists_and_of_no_others(int limit)
    {
        var candidates = new LongCandidates();
        var near = List(from: 1, to: 50);
        var byKeywords = List(from: 26, to: 75);

        var ranked = new CandidateRanking(new SearchRequest { Keywords = "harbour", Limit = limit }, candidates, "english").Rank(near, byKeywords);

        Assert.Equal(limit, ranked.Count);
        Assert.All(ranked, hit => Assert.Contains(hit.Id, candidates.Read));
        Assert.Equal(
            Fusion.Dbsf(near, byKeywords).Take(candidates.Read.Count).Select(one => one.Id).ToHashSet(),
            candidates.Read);
        Assert.InRange(candidates.Read.Count, limit, Math.Max(limit, 30));
    }

    [Fact]
    public void Rank_prefers_whose_passage_has_the_words_and_says_which_it_is()
    {
        var candidates = new LongCandidates();

        var ranked = new CandidateRanking(new SearchRequest { Keywords = "barge 7", Limit = 5 }, candidates, "english").Rank(List(1, 20), List(1, 20));

        Assert.Equal(new MemoryId(7), ranked[0].Id);
        Assert.Contains("barge 7 ", ranked[0].Passage!.Text, StringComparison.Ordinal);
    }

    /// <summary>Read as a third list, the words of a few texts would outvote the other two: abstracts of which every fourth is long are then found worse.</summary>
    [Fact]
    public void Rank_goes_by_two_lists_where_few_candidates_are_long_and_says_which_passage_it_is()
    {
        var candidates = new LongCandidates { IsLong = id => id.Number % 4 == 0 };
        Ranked[] byKeywords = [.. List(1, 20).Reverse().Select((one, rank) => one with { Score = 20 - rank })];

        var ranked = new CandidateRanking(new SearchRequest { Keywords = "barge 8", Limit = 20 }, candidates, "english").Rank(List(1, 20), byKeywords);

        Assert.Equal(Fusion.Dbsf(List(1, 20), byKeywords).Select(one => one.Id), ranked.Select(hit => hit.Id));
        Assert.All(candidates.Read, id => Assert.Equal(0u, id.Number % 4));
        Assert.All(ranked, hit => Assert.Equal(hit.Id.Number % 4 == 0, hit.Passage is not null));
        Assert.Contains("barge 8 ", ranked.Single(hit => hit.Id.Number == 8).Passage!.Text, StringComparison.Ordinal);
    }

    private static Ranked[] List(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(id => new Ranked(new MemoryId((ulong)id), 100 - id))];

    /// <summary>All have long texts of their own.</summary>
    private sealed class LongCandidates : ICandidates
    {
        public Func<MemoryId, bool> IsLong { get; init; } = _ => true;

        public HashSet<MemoryId> Read { get; } = [];

        public string Text(MemoryId id)
        {
            Read.Add(id);
            return string.Join(' ', Enumerable.Range(0, 40).Select(i => $"In year {i} the harbour was dredged by the barge {id.Number} and another one."));
        }

        public DateTimeOffset? StoredAt(MemoryId id) => null;

        public bool HasPassages(MemoryId id) => IsLong(id);

        public int? NearestPassage(MemoryId id) => null;

        public double? Similarity(MemoryId id) => null;

        public double Similarity(MemoryId one, MemoryId other) => 0;
    }
}
