using System.Globalization;
using System.Text.Json;

namespace McpQdrant.Tests.Qdrant;

/// <summary>Scores computed from other scores and the payload. Left out: powers, logarithms, places on earth.</summary>
internal sealed class StandInFormula(JsonElement defaults, IReadOnlyList<IReadOnlyList<StandInHit>> sources)
{
    public static IEnumerable<StandInHit> Rank(JsonElement formula, JsonElement query, IReadOnlyList<IReadOnlyList<StandInHit>> sources)
    {
        if (sources.Count == 0)
            throw StandInFailure.WrongInput("Validation failed: cannot apply Formula without prefetches");

        var ranking = new StandInFormula(query.TryGetProperty("defaults", out var given) ? given : JsonElement.Parse("{}"), sources);
        return sources.SelectMany(source => source).Select(hit => hit.Point).DistinctBy(point => point.Id)
            .Select(point => new StandInHit(point, ranking.Value(formula, point)))
            .ToList()
            .OrderByDescending(hit => hit.Score);
    }

    private double Value(JsonElement expression, StandInPoint point)
    {
        switch (expression.ValueKind)
        {
            case JsonValueKind.Number:
                return expression.GetDouble();
            case JsonValueKind.String:
                return Named(expression.GetString()!, point);
        }

        if (expression.TryGetProperty("key", out _))
            return StandInFilter.Matches(JsonElement.Parse($$"""{"must":[{{expression.GetRawText()}}]}"""), point) ? 1 : 0;

        var operation = expression.EnumerateObject().First();
        return operation.Name switch
        {
            "sum" => operation.Value.EnumerateArray().Sum(part => Value(part, point)),
            "mult" => operation.Value.EnumerateArray().Aggregate(1.0, (product, part) => product * Value(part, point)),
            "neg" => -Value(operation.Value, point),
            "div" => Divided(Value(operation.Value.GetProperty("left"), point), Value(operation.Value.GetProperty("right"), point)),
            "datetime" => Seconds(operation.Value.GetString()!) ?? throw NoTime("datetime", "input contains invalid characters"),
            "datetime_key" => Time(operation.Value.GetString()!, point),
            "exp_decay" or "gauss_decay" or "lin_decay" => Decayed(operation.Name, operation.Value, point),
            _ => throw StandInFailure.Unreadable("Expected some form of vector, id, or a type of query at line 1 column 179"),
        };
    }

    private double Named(string name, StandInPoint point)
    {
        if (!name.StartsWith("$score", StringComparison.Ordinal))
            return (StandInFilter.Value(point.Payload, name) ?? Default(name))?.GetDouble()
                ?? throw StandInFailure.WrongInput($"No value found for {name} in a payload nor defaults");

        var at = name.Length > 6 ? int.Parse(name.AsSpan()[7..^1], CultureInfo.InvariantCulture) : 0;
        return (float)(sources[at].FirstOrDefault(hit => hit.Point.Id == point.Id)?.Score ?? 0);
    }

    private double Decayed(string kind, JsonElement decay, StandInPoint point)
    {
        var scale = decay.TryGetProperty("scale", out var given) ? given.GetDouble() : 1;
        var midpoint = decay.TryGetProperty("midpoint", out var half) ? half.GetDouble() : 0.5;
        if (midpoint is <= 0 or >= 1)
            throw StandInFailure.WrongInput(string.Create(CultureInfo.InvariantCulture, $"Validation failed: Decay midpoint should be in the range (0.0, 1.0), got {midpoint}."));
        if (scale <= 0)
            throw StandInFailure.WrongInput(string.Create(CultureInfo.InvariantCulture, $"Validation failed: Decay scale should be non-zero positive, got {scale}."));

        var target = decay.TryGetProperty("target", out var aim) ? Value(aim, point) : 0;
        var distance = Math.Abs(Value(decay.GetProperty("x"), point) - target) / scale;
        return kind switch
        {
            "exp_decay" => Math.Pow(midpoint, distance),
            "gauss_decay" => Math.Pow(midpoint, distance * distance),
            _ => Math.Max(0, 1 - (1 - midpoint) * distance),
        };
    }

    private double Time(string key, StandInPoint point)
    {
        if (StandInFilter.Value(point.Payload, key) is { ValueKind: JsonValueKind.String } value && Seconds(value.GetString()!) is { } seconds)
            return seconds;
        if (Default(key) is not { } otherwise)
            throw NoTime(key, "No value found in a payload nor defaults");

        return Seconds(otherwise.GetString()!) ?? throw NoTime(key, "input contains invalid characters");
    }

    private static StandInFailure NoTime(string key, string error) =>
        StandInFailure.WrongInput($"Expected datetime value for {key} in the payload and/or in the formula defaults. Error: {error}");

    private static double? Seconds(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? (time - DateTimeOffset.UnixEpoch).TotalSeconds
        : null;

    private static double Divided(double left, double right) => right != 0
        ? left / right
        : throw StandInFailure.WrongInput(string.Create(CultureInfo.InvariantCulture, $"The expression {left}/{right} = inf produced a non-finite number"));

    private JsonElement? Default(string name) => defaults.TryGetProperty(name, out var value) ? value : null;
}
