using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Search.Passages;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Stores.Qdrant.Api;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>A search in a collection whose long texts have passages: one batch of plain lists, which this server ranks.</summary>
/// <remarks>
/// The lists: the nearest by their beginnings, by their passages, and the best by keywords; then, of all these, how near the beginnings are, and
/// how near the passages, which also tells who has any (by keywords alone, a list of those that have some tells it). A collection of short memories has two empty lists more than without passages.
/// </remarks>
internal sealed class QdrantPassageSearch
{
    private readonly CollectionLayout _collection;
    private readonly SearchRequest _search;
    private readonly int _limit;
    private readonly ReadOnlyMemory<byte> _vector;

    public QdrantPassageSearch(CollectionLayout collection, SearchRequest search)
    {
        (_collection, _search) = (collection, search);
        _limit = CandidateLimit.For(search.Limit);
        _vector = search.Vector is { } vector ? QdrantJson.Write(json => QdrantPoint.WriteVector(json, vector)) : default;
        AsksKeywords = search.Keywords is not null && collection.Keywords is not null;
        if (!AsksVector && !AsksKeywords)
            throw new MemoryException(
                $"Collection '{collection.Name}' has no keywords, so it can't be searched by words alone. Search by meaning, or make it hybrid: " +
                $"mcp-server-qdrant upgrade {collection.Name}");
    }

    public bool AsksVector => _search.Vector is not null;

    public bool AsksKeywords { get; }

    /// <summary>How many of the answers, the first ones, are lists of candidates.</summary>
    public int Lists => (AsksVector ? 2 : 0) + (AsksKeywords ? 1 : 0);

    public string Language => _collection.Keywords?.Language ?? "";

    public QdrantRequest ToRequest() =>
        QdrantRequest.On(_collection.Name, HttpMethod.Post, "/points/query/batch", writer =>
        {
            writer.WriteStartArray("searches");
            foreach (var (query, withPayload) in Queries())
            {
                writer.WriteStartObject();
                query.Write(writer, withPayload);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }) with
        { Filter = _search.Filter };

    private IEnumerable<(QdrantQuery Query, bool WithPayload)> Queries()
    {
        List<QdrantQuery> lists = [];
        if (AsksVector)
        {
            lists.Add(Nearest(_collection.VectorName) with { Filter = _search.Filter, Threshold = _search.SimilarityThreshold });
            lists.Add(Nearest(_collection.PassageVectorName!) with { Filter = _search.Filter, Threshold = _search.SimilarityThreshold + Passage.Handicap });
        }
        if (AsksKeywords)
            lists.Add(ByKeywords() with { Filter = _search.Filter });
        foreach (var list in lists)
            yield return (list, WithPayload: true);

        var limit = lists.Count * _limit;
        if (AsksVector)
        {
            yield return (Nearest(_collection.VectorName) with { CandidateLimit = lists, Limit = limit }, WithPayload: false);
            yield return (Nearest(_collection.PassageVectorName!) with { CandidateLimit = lists, Limit = limit }, WithPayload: false);
        }
        else
            yield return (ByKeywords() with { CandidateLimit = lists, Filter = HasPassages() }, WithPayload: false);
    }

    private QdrantQuery Nearest(string vectorName) =>
        QdrantQuery.Nearest(writer => writer.WriteRawValue(_vector.Span, skipInputValidation: true), _limit) with { Using = vectorName };

    private QdrantQuery ByKeywords() =>
        QdrantQuery.Nearest(writer => QdrantPoint.WriteAskedKeywords(writer, _search.Keywords!, _collection.Keywords!), _limit) with { Using = CollectionLayout.KeywordVectorName };

    private Filter HasPassages() => Filter.Parse(JsonElement.Parse($$"""{"must":[{"has_vector":"{{JsonEncodedText.Encode(_collection.PassageVectorName!)}}"}]}"""));
}
