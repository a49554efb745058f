using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpQdrant.Core.Search.Filters;

/// <summary>What memories must satisfy, in Qdrant's filter language, with the answers of Qdrant 1.18 without payload indexes.</summary>
/// <remarks>
/// All four parts must be satisfied. A part that is null doesn't count. An empty <see cref="Should"/> or <see cref="MinShould"/>
/// doesn't either, but for filters within a nested condition, where it is taken at its word.
/// </remarks>
public sealed class Filter : Condition
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Condition[]? _must;
    private readonly Condition[]? _mustNot;
    private readonly Condition[]? _should;

    /// <summary>Each of these holds.</summary>
    public IReadOnlyList<Condition>? Must { get => _must; init => _must = value?.ToArray(); }

    /// <summary>None of these holds.</summary>
    public IReadOnlyList<Condition>? MustNot { get => _mustNot; init => _mustNot = value?.ToArray(); }

    /// <summary>One of these holds.</summary>
    public IReadOnlyList<Condition>? Should { get => _should; init => _should = value?.ToArray(); }

    /// <summary>Several of these hold.</summary>
    public MinShould? MinShould { get; init; }

    /// <summary>The JSON that the filter was read from; null where it was made here.</summary>
    public JsonElement? Source { private get; init; }

    /// <summary>The filter as it was given, or as <see cref="ToJson"/> writes it where it was made here.</summary>
    public JsonElement Json => Source ?? ToJson();

    /// <summary>The filter selects every point, as its form shows: <c>{}</c>, empty lists, or what comes to the same.</summary>
    /// <remarks>A condition that happens to hold for whatever is stored isn't seen through.</remarks>
    public bool MatchesEverything => Constant == true;

    internal override bool? Constant
    {
        get
        {
            bool? must = And(_must, condition => condition.Constant);
            bool? mustNot = And(_mustNot, condition => !condition.Constant);
            bool? should = _should is null or [] ? true : !And(_should, condition => !condition.Constant);
            return must & mustNot & should & (MinShould is null ? true : MinShould.Constant);

            static bool? And(Condition[]? conditions, Func<Condition, bool?> constant) =>
                (conditions ?? []).Aggregate((bool?)true, (all, condition) => all & constant(condition));
        }
    }

    /// <exception cref="FilterException">This is no filter, or too large a one; the message says where and why.</exception>
    public static Filter Parse(JsonElement json) => FilterReader.Read(json);

    public bool Matches(IFilterSubject subject) => Matches(subject.Payload, subject);

    public override bool Reads(string topLevelKey) =>
        (_must ?? []).Concat(_mustNot ?? []).Concat(_should ?? []).Any(condition => condition.Reads(topLevelKey)) || MinShould?.Reads(topLevelKey) == true;

    /// <summary>The same filter with other keys, for a collection that keeps its fields elsewhere.</summary>
    /// <inheritdoc/>
    public override Filter MapKeys(Func<string, string> map) => new()
    {
        Must = _must?.Select(condition => condition.MapKeys(map)).ToArray(),
        MustNot = _mustNot?.Select(condition => condition.MapKeys(map)).ToArray(),
        Should = _should?.Select(condition => condition.MapKeys(map)).ToArray(),
        MinShould = MinShould?.MapKeys(map),
    };

    public JsonElement ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
            WriteTo(writer);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    // Cheap parts first would be a guess: the order is the one in which people write them.
    internal override bool Matches(PayloadValue payload, IFilterSubject? point)
    {
        foreach (var condition in _must ?? [])
        {
            if (!condition.Matches(payload, point))
                return false;
        }

        foreach (var condition in _mustNot ?? [])
        {
            if (condition.Matches(payload, point))
                return false;
        }

        return MatchesShould(payload, point) && (MinShould is null || MinShould.Matches(payload, point));
    }

    private bool MatchesShould(PayloadValue payload, IFilterSubject? point)
    {
        if (_should is null)
            return true;

        foreach (var condition in _should)
        {
            if (condition.Matches(payload, point))
                return true;
        }

        return _should.Length == 0 && point is not null;
    }

    internal override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteTo(writer, "must", _must);
        WriteTo(writer, "must_not", _mustNot);
        WriteTo(writer, "should", _should);
        if (MinShould is not null)
        {
            writer.WritePropertyName("min_should");
            MinShould.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    private static void WriteTo(Utf8JsonWriter writer, string name, Condition[]? conditions)
    {
        if (conditions is null)
            return;

        writer.WriteStartArray(name);
        foreach (var condition in conditions)
            condition.WriteTo(writer);
        writer.WriteEndArray();
    }
}

/// <summary>What a filter asks of a memory. Implemented by what the store keeps anyway, so that asking allocates nothing.</summary>
public interface IFilterSubject
{
    PointId Id { get; }

    /// <summary>The payload's root object; it may lack a key at the top that <see cref="Filter.Reads"/> says is not read.</summary>
    PayloadValue Payload { get; }

    /// <param name="name">A dense or sparse vector's name; empty for the unnamed one.</param>
    bool HasVector(string name);
}
