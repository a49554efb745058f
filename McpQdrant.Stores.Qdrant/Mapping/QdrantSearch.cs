using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Stores.Qdrant.Api;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>A search as one request: the question itself, and beside it what explains its results.</summary>
/// <remarks>
/// Plain meaning is one query. Where the score is another than the similarity (fused, or weighed by age), a second query of the same
/// request brings the similarities, and where words count, a third one the ranks by words.
/// </remarks>
internal sealed class QdrantSearch
{
    private readonly CollectionLayout _collection;
    private readonly SearchRequest _search;
    private readonly Bm25Options? _keywords;
    private readonly int _candidates;
    private ReadOnlyMemory<byte>? _vector;

    public QdrantSearch(CollectionLayout collection, SearchRequest search)
    {
        _collection = collection;
        _search = search;
        _keywords = search.Keywords is null ? null : collection.Keywords;
        _candidates = Math.Max(MinCandidates, search.Limit);
        if (search.Vector is null && _keywords is null)
            throw new MemoryException(
                $"Collection '{collection.Name}' has no keywords, so it can't be searched by words alone. Search by meaning, or make it hybrid: " +
                $"mcp-server-qdrant upgrade {collection.Name}");
    }

    /// <summary>How many of each list are fused, weighed or compared with each other, at least: what the fusions were measured with.</summary>
    public const int MinCandidates = 50;

    private bool IsHybrid => _search.Vector is not null && _keywords is not null;

    /// <summary>Whether the scores of the question itself say how alike question and memory are.</summary>
    private bool ScoresAreSimilarities =>
        _search.Vector is not null && (_search.Diversity is not null || (_search.Recency is null && _keywords is null));

    /// <summary>Whether a query of their own brings the similarities: the second of the batch.</summary>
    public bool AsksForSimilarities => _search.Vector is not null && !ScoresAreSimilarities;

    /// <summary>Whether the order of the hits is their rank by words.</summary>
    public bool IsByWordsAlone => _search is { Vector: null, Recency: null, Diversity: null };

    /// <summary>Whether a query of their own brings the ranks by words: the last of the batch.</summary>
    public bool AsksForRanks => _keywords is not null && !IsByWordsAlone;

    /// <summary>Whether the answer is in another order than that of the scores, which then stays.</summary>
    public bool IsDiverse => _search.Diversity is not null;

    /// <summary>Euclid and Manhattan count distances: smaller is better.</summary>
    private bool CountsDistance => _search.Vector is not null && _collection.Distance is Distance.Euclid or Distance.Manhattan;

    /// <param name="limit">How many hits to bring.</param>
    public QdrantRequest ToRequest(int limit)
    {
        var question = Question(limit);
        List<QdrantQuery> explanations = [];
        if (AsksForSimilarities)
            explanations.Add(Similarities(Math.Max(limit, _candidates)));
        if (AsksForRanks)
            explanations.Add(ByWords(_candidates));

        var request = explanations.Count == 0
            ? QdrantRequest.On(_collection.Name, HttpMethod.Post, "/points/query", writer => question.Write(writer, withPayload: true))
            : QdrantRequest.On(_collection.Name, HttpMethod.Post, "/points/query/batch", writer => WriteBatch(writer, question, explanations));
        return request with { Filter = _search.Filter };
    }

    /// <summary>A score that Qdrant gave to the question itself, as the order goes by it: higher is better, so of distances the negative.</summary>
    public double ScoreOf(double score) => ScoresAreSimilarities ? SimilarityOf(score) : score;

    /// <summary>A score that compares question and memory, as the caller knows it: of distances the negative.</summary>
    public double SimilarityOf(double score) => CountsDistance ? 0 - score : score;

    /// <summary>The similarity where the question's own score says it; else null.</summary>
    public double? SimilarityFrom(double score) => ScoresAreSimilarities ? SimilarityOf(score) : null;

    private QdrantQuery Question(int limit) =>
        _search.Diversity is { } diversity ? Diverse(diversity, limit)
        : _search.Recency is { } recency ? ByAge(recency, limit)
        : Relevant(limit);

    private QdrantQuery Relevant(int limit) =>
        IsHybrid ? Fused(limit) : _search.Vector is null ? ByWords(limit) : ByMeaning(limit, _search.SimilarityThreshold);

    private QdrantQuery ByMeaning(int limit, double? threshold) => new(writer => WriteNearest(writer, WriteVector), limit)
    {
        Using = _collection.VectorName,
        Filter = _search.Filter,
        Threshold = threshold is { } least ? SimilarityOf(least) : null,
    };

    private QdrantQuery ByWords(int limit) => new(writer => WriteNearest(writer, WriteWords), limit)
    {
        Using = CollectionLayout.KeywordVectorName,
        Filter = _search.Filter,
    };

    /// <summary>Both lists as one. DBSF was the best measured and makes no ties; it takes high for good, so distances are fused by rank.</summary>
    private QdrantQuery Fused(int limit) => new(
        writer => writer.WriteRawValue(CountsDistance ? """{"rrf":{"k":60}}"""u8 : """{"fusion":"dbsf"}"""u8), limit)
    {
        CandidateLimit = [ByMeaning(_candidates, _search.SimilarityThreshold), ByWords(_candidates)],
    };

    /// <summary>The score times 0.5 ^ (age / half-life); a memory without a time counts as new.</summary>
    private QdrantQuery ByAge(Recency recency, int limit) => new(writer => WriteFormula(writer, recency), limit) { CandidateLimit = [Relevant(_candidates)] };

    /// <summary>By maximal marginal relevance: of the nearest, or of what fusion, age and threshold have chosen.</summary>
    private QdrantQuery Diverse(double diversity, int limit)
    {
        var isChosen = IsHybrid || _search.Recency is not null || _search.SimilarityThreshold is not null;
        return new QdrantQuery(writer => WriteDiverse(writer, diversity), limit)
        {
            CandidateLimit = isChosen ? [_search.Recency is { } recency ? ByAge(recency, _candidates) : Relevant(_candidates)] : [],
            Using = _search.Vector is null ? CollectionLayout.KeywordVectorName : _collection.VectorName,
            Filter = isChosen ? null : _search.Filter,
        };
    }

    /// <summary>How alike the best of both lists are to the question, also those that only their words have found.</summary>
    private QdrantQuery Similarities(int limit) => IsHybrid
        ? new QdrantQuery(writer => WriteNearest(writer, WriteVector), limit) { CandidateLimit = [Fused(limit)], Using = _collection.VectorName }
        : ByMeaning(limit, threshold: null);

    private static void WriteBatch(Utf8JsonWriter writer, QdrantQuery question, IReadOnlyList<QdrantQuery> explanations)
    {
        writer.WriteStartArray("searches");
        writer.WriteStartObject();
        question.Write(writer, withPayload: true);
        writer.WriteEndObject();
        foreach (var explanation in explanations)
        {
            writer.WriteStartObject();
            explanation.Write(writer, withPayload: false);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WriteFormula(Utf8JsonWriter writer, Recency recency)
    {
        var now = Rfc3339.Write(recency.Now);
        writer.WriteStartObject();
        writer.WriteStartObject("formula");
        writer.WriteStartArray("mult");
        // A formula's highest value comes first, so of a distance it takes 1 / (1 + distance).
        writer.WriteRawValue(CountsDistance && !IsHybrid ? """{"div":{"left":1.0,"right":{"sum":[1.0,"$score"]}}}"""u8 : "\"$score\""u8);
        writer.WriteStartObject();
        writer.WriteStartObject("exp_decay");
        WriteText(writer, "x", "datetime_key", CollectionLayout.StoredAtField);
        WriteText(writer, "target", "datetime", now);
        writer.WriteNumber("scale", recency.HalfLife.TotalSeconds);
        writer.WriteNumber("midpoint", 0.5);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        WriteText(writer, "defaults", CollectionLayout.StoredAtField, now);
        writer.WriteEndObject();
    }

    private void WriteDiverse(Utf8JsonWriter writer, double diversity)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("nearest");
        if (_search.Vector is null)
            WriteWords(writer);
        else
            WriteVector(writer);
        writer.WriteStartObject("mmr");
        writer.WriteNumber("diversity", diversity);
        writer.WriteNumber("candidates_limit", _candidates);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteNearest(Utf8JsonWriter writer, Action<Utf8JsonWriter> what)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("nearest");
        what(writer);
        writer.WriteEndObject();
    }

    // Several queries of one request ask by it, and writing its numbers is what a request costs.
    private void WriteVector(Utf8JsonWriter writer) =>
        writer.WriteRawValue((_vector ??= QdrantJson.Write(json => QdrantPoint.WriteVector(json, _search.Vector!))).Span, skipInputValidation: true);

    private void WriteWords(Utf8JsonWriter writer) => QdrantPoint.WriteAskedKeywords(writer, _search.Keywords!, _keywords!);

    private static void WriteText(Utf8JsonWriter writer, string parent, string name, string value)
    {
        writer.WriteStartObject(parent);
        writer.WriteString(name, value);
        writer.WriteEndObject();
    }
}
