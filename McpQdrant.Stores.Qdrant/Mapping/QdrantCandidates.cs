using System.Numerics.Tensors;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Passages;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>The answer to a <see cref="QdrantPassageSearch"/>: its lists, and what is known of the memories in them.</summary>
internal sealed class QdrantCandidates : ICandidates
{
    private readonly Dictionary<MemoryId, Memory> _memories = [];
    private readonly Dictionary<MemoryId, double> _beginnings = [];
    private readonly Dictionary<MemoryId, double> _passages = [];
    private readonly Dictionary<MemoryId, float[]> _vectors = [];
    private readonly HashSet<MemoryId> _withPassages = [];

    private QdrantCandidates()
    {
    }

    public IReadOnlyList<Ranked>? Near { get; private set; }

    public IReadOnlyList<Ranked>? ByKeywords { get; private set; }

    public IReadOnlyList<MemoryId> Ids => [.. _memories.Keys];

    public Memory this[MemoryId id] => _memories[id];

    public static QdrantCandidates Read(JsonElement result, QdrantPassageSearch search, CollectionLayout collection)
    {
        var answers = result.EnumerateArray().ToList();
        var known = new QdrantCandidates();
        var lists = answers[..search.Lists].ConvertAll(answer => known.ReadList(answer, collection));
        if (search.AsksVector)
        {
            known.Near = BestOf(lists[0], lists[1].ConvertAll(one => one with { Score = one.Score - Passage.Handicap }));
            Add(answers[search.Lists], known._beginnings);
            Add(answers[search.Lists + 1], known._passages, Passage.Handicap);
        }
        else
            known._withPassages.UnionWith(QdrantHits.Points(answers[search.Lists]).Select(point => QdrantPoint.ReadPointId(point.Json)));
        if (search.AsksKeywords)
            known.ByKeywords = lists[^1];
        return known;
    }

    /// <summary>Adds the vectors of their beginnings, for comparing them with each other.</summary>
    public void AddVectors(IEnumerable<JsonElement> points, CollectionLayout collection)
    {
        foreach (var point in points)
        {
            if (QdrantPoint.ReadVector(point, collection) is { } vector)
                _vectors[QdrantPoint.ReadPointId(point)] = vector.Values.ToArray();
        }
    }

    public string Text(MemoryId id) => _memories[id].Text;

    public DateTimeOffset? StoredAt(MemoryId id) => _memories[id].StoredAt;

    public bool HasPassages(MemoryId id) => _passages.ContainsKey(id) || _withPassages.Contains(id);

    /// <remarks>Qdrant tells how near the nearest passage is, but not which it is.</remarks>
    public int? NearestPassage(MemoryId id) => null;

    public double? Similarity(MemoryId id) => (_beginnings.TryGetValue(id, out var beginning), _passages.TryGetValue(id, out var passage)) switch
    {
        (true, true) => Math.Max(beginning, passage),
        (true, false) => beginning,
        (false, true) => passage,
        _ => null,
    };

    public double Similarity(MemoryId one, MemoryId other) =>
        _vectors.TryGetValue(one, out var vector) && _vectors.TryGetValue(other, out var compared) ? TensorPrimitives.Dot<float>(vector, compared) : 0;

    private static void Add(JsonElement answer, Dictionary<MemoryId, double> similarities, double handicap = 0)
    {
        foreach (var (point, score) in QdrantHits.Points(answer))
            similarities[QdrantPoint.ReadPointId(point)] = score - handicap;
    }

    private List<Ranked> ReadList(JsonElement answer, CollectionLayout collection)
    {
        var list = new List<Ranked>();
        foreach (var (point, score) in QdrantHits.Points(answer))
        {
            var memory = QdrantPoint.Read(point, collection);
            _memories[memory.Id] = memory;
            list.Add(new Ranked(memory.Id, score));
        }

        list.Sort();
        return list;
    }

    private static List<Ranked> BestOf(List<Ranked> beginnings, List<Ranked> passages)
    {
        if (passages.Count == 0)
            return beginnings;

        var best = beginnings.Concat(passages).GroupBy(one => one.Id).Select(both => new Ranked(both.Key, both.Max(one => one.Score))).ToList();
        best.Sort();
        return best[..Math.Min(best.Count, Math.Max(beginnings.Count, passages.Count))];
    }
}
