using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>A query of the API: asks by <see cref="Ask"/> among all points, or among those that its prefetches bring.</summary>
/// <param name="Ask">Writes the value of <c>query</c>.</param>
/// <param name="Limit">How many points to bring.</param>
internal sealed record QdrantQuery(Action<Utf8JsonWriter> Ask, int Limit)
{
    public IReadOnlyList<QdrantQuery> CandidateLimit { get; init; } = [];

    /// <summary>The vector's name; empty for the unnamed one, and for queries that don't look at a vector.</summary>
    public string Using { get; init; } = "";

    public Filter? Filter { get; init; }

    /// <summary>The score that a point must exceed; of distances, stay below.</summary>
    public double? Threshold { get; init; }

    /// <summary>Writes its members into an object that is open.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        switch (CandidateLimit)
        {
            case []:
                break;
            case [var one]:
                writer.WritePropertyName("prefetch");
                one.WriteObject(writer);
                break;
            default:
                writer.WriteStartArray("prefetch");
                foreach (var query in CandidateLimit)
                    query.WriteObject(writer);
                writer.WriteEndArray();
                break;
        }

        writer.WritePropertyName("query");
        Ask(writer);
        if (Using.Length > 0)
            writer.WriteString("using", Using);
        QdrantFilter.Write(writer, Filter);
        writer.WriteNumber("limit", Limit);
        if (Threshold is { } threshold)
            writer.WriteNumber("score_threshold", threshold);
    }

    /// <summary>Writes it whole, with what it is to bring besides ids and scores.</summary>
    public void Write(Utf8JsonWriter writer, bool withPayload)
    {
        Write(writer);
        writer.WriteBoolean("with_payload", withPayload);
        writer.WriteBoolean("with_vector", false);
    }

    /// <summary>A query that asks for what is nearest.</summary>
    /// <param name="what">Writes a vector, or what becomes one.</param>
    public static QdrantQuery Nearest(Action<Utf8JsonWriter> what, int limit) => new(
        writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("nearest");
            what(writer);
            writer.WriteEndObject();
        },
        limit);

    private void WriteObject(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        Write(writer);
        writer.WriteEndObject();
    }
}
