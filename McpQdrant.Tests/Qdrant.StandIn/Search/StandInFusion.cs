using System.Text.Json;

namespace McpQdrant.Tests.Qdrant;

/// <summary>Several lists as one, by Qdrant's formulas.</summary>
internal static class StandInFusion
{
    public static IEnumerable<StandInHit> Fuse(JsonElement query, IReadOnlyList<IReadOnlyList<StandInHit>> lists)
    {
        var method = query.TryGetProperty("fusion", out var fusion) ? fusion.GetString() : "rrf";
        if (method is not ("rrf" or "dbsf"))
            throw StandInFailure.Unreadable("Expected some form of vector, id, or a type of query at line 1 column 265");
        if (lists.Count == 0)
            throw StandInFailure.WrongInput("Validation failed: cannot apply Fusion without prefetches");

        var scored = method == "dbsf" ? lists.Select(Scaled) : Ranked(query.TryGetProperty("rrf", out var rrf) ? rrf : default, lists);
        return scored.SelectMany(list => list)
            .GroupBy(hit => hit.Point.Id)
            .Select(hits => new StandInHit(hits.First().Point, hits.Sum(hit => hit.Score)))
            .OrderByDescending(hit => hit.Score);
    }

    /// <summary>1 / ((rank + 1) / weight + k - 1), ranks from 0.</summary>
    private static IEnumerable<IEnumerable<StandInHit>> Ranked(JsonElement options, IReadOnlyList<IReadOnlyList<StandInHit>> lists)
    {
        var isGiven = options.ValueKind == JsonValueKind.Object;
        var k = isGiven && options.TryGetProperty("k", out var given) ? given.GetInt32() : 2;
        if (k < 1)
            throw StandInFailure.Invalid($"internal.query.rrf.k: value {k} invalid, must be 1 or larger");
        var weights = isGiven && options.TryGetProperty("weights", out var each) ? each.EnumerateArray().Select(weight => weight.GetDouble()).ToList() : null;
        if (weights is not null && weights.Count != lists.Count)
            throw StandInFailure.WrongInput($"Validation failed: RRF weights length ({weights.Count}) does not match number of prefetches ({lists.Count})");

        return lists.Select((list, at) => list.Select((hit, rank) =>
            hit with { Score = weights is null ? 1.0 / (rank + k) : weights[at] <= 0 ? 0 : 1 / ((rank + 1) / weights[at] + k - 1) }));
    }

    /// <summary>From the mean less three sample deviations (0) to the mean plus three (1).</summary>
    private static IEnumerable<StandInHit> Scaled(IReadOnlyList<StandInHit> list)
    {
        if (list.Count == 0)
            return list;

        var mean = list.Average(hit => hit.Score);
        var deviation = list.Count == 1 ? 0 : Math.Sqrt(list.Sum(hit => Math.Pow(hit.Score - mean, 2)) / (list.Count - 1));
        return list.Select(hit => hit with { Score = deviation == 0 ? 0.5 : (hit.Score - (mean - 3 * deviation)) / (6 * deviation) });
    }
}
