using System.Globalization;
using System.Text.Json;

namespace McpQdrant.Tests.Qdrant;

/// <summary>Answers a query, its prefetches first, by looking at every point.</summary>
/// <param name="filters">The filters of the queries around this one, which bind it too.</param>
internal sealed class StandInQuery(StandInCollection collection, JsonElement body, IReadOnlyList<JsonElement> filters)
{
    private readonly string _using = body.TryGetProperty("using", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";

    private int Limit => !body.TryGetProperty("limit", out var limit) ? 10 : limit switch
    {
        { ValueKind: JsonValueKind.String } => throw StandInFailure.Unreadable($"invalid type: string \"{limit}\", expected usize at line 1 column 71"),
        _ when limit.GetRawText().Contains('.') => throw StandInFailure.Unreadable($"invalid type: floating point `{limit.GetRawText()}`, expected usize at line 1 column 71"),
        _ when limit.GetDouble() < 0 => throw StandInFailure.Unreadable($"invalid value: integer `{limit}`, expected usize at line 1 column 70"),
        _ when limit.GetDouble() == 0 => throw StandInFailure.Invalid("internal.limit: value 0 invalid, must be 1 or larger"),
        _ => (int)Math.Min(int.MaxValue, limit.GetDouble()),
    };

    /// <summary>The points with their scores, the best first.</summary>
    public IReadOnlyList<StandInHit> Run()
    {
        IReadOnlyList<JsonElement> all = body.TryGetProperty("filter", out var own) && own.ValueKind == JsonValueKind.Object ? [.. filters, own] : filters;
        var sources = Prefetches().Select(prefetch => new StandInQuery(collection, prefetch, all).Run()).ToList();
        var hits = Ask(sources, all);
        if (body.TryGetProperty("score_threshold", out var threshold))
        {
            if (threshold.ValueKind != JsonValueKind.Number)
                throw StandInFailure.Unreadable($"invalid type: string \"{threshold}\", expected f32");
            hits = hits.Where(hit => Passes(hit.Score, threshold.GetDouble(), sources.Count > 0));
        }
        var offset = body.TryGetProperty("offset", out var skipped) ? skipped.GetInt32() : 0;
        if (offset < 0)
            throw StandInFailure.Unreadable($"invalid value: integer `{offset}`, expected usize");
        return [.. hits.Skip(offset).Take(Limit)];
    }

    private IEnumerable<JsonElement> Prefetches() => !body.TryGetProperty("prefetch", out var prefetch) ? [] : prefetch.ValueKind switch
    {
        JsonValueKind.Array => prefetch.EnumerateArray(),
        JsonValueKind.Object => [prefetch],
        _ => [],
    };

    private IEnumerable<StandInHit> Ask(List<IReadOnlyList<StandInHit>> sources, IReadOnlyList<JsonElement> binding)
    {
        if (!body.TryGetProperty("query", out var query) || query.ValueKind == JsonValueKind.Null)
            return collection.Points.Where(point => binding.All(filter => StandInFilter.Matches(filter, point))).Select(point => new StandInHit(point, 1));

        var isObject = query.ValueKind == JsonValueKind.Object;
        if (isObject && (query.TryGetProperty("fusion", out _) || query.TryGetProperty("rrf", out _)))
            return StandInFusion.Fuse(query, sources);
        if (isObject && query.TryGetProperty("formula", out var formula))
            return StandInFormula.Rank(formula, query, sources);
        if (isObject && (query.TryGetProperty("order_by", out _) || query.TryGetProperty("sample", out _)))
            throw StandInFailure.NotPlayed("orders and samples");
        if (query.ValueKind is JsonValueKind.Number or JsonValueKind.String)
            throw StandInFailure.NotPlayed("questions by a stored point");

        var candidates = sources.Count == 0
            ? collection.Points.Where(point => binding.All(filter => StandInFilter.Matches(filter, point)))
            : sources.SelectMany(source => source).Select(hit => hit.Point).DistinctBy(point => point.Id);
        var nearest = Nearest(StandInQuestion.Read(isObject && query.TryGetProperty("nearest", out var inner) ? inner : query, isDocument: false), candidates);
        return isObject && query.TryGetProperty("mmr", out var mmr) ? Spread(mmr, [.. nearest]) : nearest;
    }

    private IEnumerable<StandInHit> Nearest(StandInQuestion question, IEnumerable<StandInPoint> candidates)
    {
        if (collection.IsSparse(_using))
            return ByWords(question.Sparse ?? throw StandInFailure.WrongInput("Conversion between sparse and regular vectors failed"), candidates);

        var vector = collection.Vector(_using);
        if (vector.IsMulti)
            return ByRows(vector, question, candidates);

        if (question.Rows is not null)
            throw StandInFailure.WrongInput("Conversion between multi and regular vectors failed");
        var numbers = question.Dense ?? throw StandInFailure.WrongInput("Conversion between sparse and regular vectors failed");
        if (numbers.Length != vector.Size)
            throw StandInFailure.WrongInput($"Vector dimension error: expected dim: {vector.Size}, got {numbers.Length}");

        numbers = vector.Keep(numbers);
        var hits = candidates.Where(point => point.Dense.ContainsKey(_using)).Select(point => new StandInHit(point, vector.Score(numbers, point.Dense[_using])));
        return vector.IsDistance ? hits.OrderBy(hit => hit.Score) : hits.OrderByDescending(hit => hit.Score);
    }

    private IEnumerable<StandInHit> ByRows(StandInVector vector, StandInQuestion question, IEnumerable<StandInPoint> candidates)
    {
        var rows = question.Rows ?? [question.Dense ?? throw StandInFailure.WrongInput("Conversion between sparse and regular vectors failed")];
        if (rows[0].Length != vector.Size)
            throw StandInFailure.WrongInput($"Vector dimension error: expected dim: {vector.Size}, got {rows[0].Length}");

        rows = [.. rows.Select(vector.Keep)];
        return candidates.Where(point => point.Multi.ContainsKey(_using))
            .Select(point => new StandInHit(point, vector.Score(rows, point.Multi[_using])))
            .OrderByDescending(hit => hit.Score);
    }

    private IEnumerable<StandInHit> ByWords(SparseVector question, IEnumerable<StandInPoint> candidates)
    {
        var texts = collection.Points.Where(point => point.Sparse.TryGetValue(_using, out var words) && words.Indices.Count > 0).ToList();
        var weights = question.Indices.ToDictionary(index => index, index =>
        {
            var having = texts.Count(point => point.Sparse[_using].Indices.Contains(index));
            return collection.WeighsRareWords(_using) ? (float)Math.Log(1 + (texts.Count - having + 0.5) / (having + 0.5)) : 1;
        });
        return candidates
            .Select(point => (Point: point, Score: point.Sparse.TryGetValue(_using, out var words) ? words.Dot(question, index => weights[index]) : null))
            .Where(hit => hit.Score is not null)
            .Select(hit => new StandInHit(hit.Point, hit.Score!.Value))
            .OrderByDescending(hit => hit.Score);
    }

    /// <summary>Maximal marginal relevance among the nearest.</summary>
    private List<StandInHit> Spread(JsonElement mmr, IReadOnlyList<StandInHit> nearest)
    {
        var diversity = mmr.TryGetProperty("diversity", out var given) ? given.GetDouble() : 0.5;
        if (diversity is < 0 or > 1)
            throw StandInFailure.Invalid(string.Create(CultureInfo.InvariantCulture, $"internal.query.mmr.diversity: value {diversity} invalid, must be from 0.0 to 1.0"));

        var left = nearest.Take(mmr.TryGetProperty("candidates_limit", out var limit) ? limit.GetInt32() : Limit).ToList();
        var chosen = new List<StandInHit>();
        while (left.Count > 0)
        {
            var next = chosen.Count == 0 ? left[0] : left.MaxBy(hit => (1 - diversity) * hit.Score - diversity * chosen.Max(other => Alike(hit.Point, other.Point)))!;
            left.Remove(next);
            chosen.Add(next);
        }
        return chosen;
    }

    private double Alike(StandInPoint one, StandInPoint other) => collection.IsSparse(_using)
        ? one.Sparse[_using].Dot(other.Sparse[_using], _ => 1) ?? 0
        : collection.Vector(_using) is { IsMulti: true } vector ? vector.Score(one.Multi[_using], other.Multi[_using])
        : collection.Vector(_using).Score(one.Dense[_using], other.Dense[_using]);

    /// <summary>A plain threshold has to be passed, a fused one only reached; of distances it is the other way round.</summary>
    private bool Passes(double score, double threshold, bool isFused) =>
        isFused ? (float)score >= (float)threshold
        : !collection.IsSparse(_using) && collection.Vector(_using).IsDistance ? (float)score < (float)threshold
        : (float)score > (float)threshold;
}
