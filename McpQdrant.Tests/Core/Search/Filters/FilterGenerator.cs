using CsCheck;

namespace McpQdrant.Tests.Core.Search.Filters;

/// <summary>Makes filters, payloads that they may match, and JSON that looks like a filter, all as JSON.</summary>
internal static class FilterGenerator
{
    private static readonly string[] Parts = ["must", "must_not", "should", "min_should"];

    private static readonly string[] Comparisons = ["gt", "gte", "lt", "lte"];

    private static readonly Gen<string> Key = Gen.OneOf("a", "b", "items", "ключ", "x y", "");

    private static readonly Gen<string> Text = Gen.OneOf("\"\"", "\"a\"", "\"b a\"", "\"2024-05-01\"", "\"2024-05-01T00:00:00.5+02:00\"", "\"\\ud83d\\ude00\\u0000\"");

    private static readonly Gen<string> Integer = Gen.OneOf("0", "1", "2", "-1", "9223372036854775807", "-9223372036854775808");

    private static readonly Gen<string> Number = Gen.OneOf<string>(Integer, Gen.OneOf("1.0", "-0.0", "1.5", "1e300", "18446744073709551615"));

    private static readonly Gen<string> Scalar = Gen.OneOf<string>(Text, Number, Gen.OneOf("null", "true", "false", """{"lon": 1.5, "lat": -3}"""));

    private static readonly Gen<string> Step = Gen.OneOf<string>(Key.Select(key => $".\\\"{key}\\\""), Gen.OneOf(".a", ".b", ".items", "[]", "[0]", "[1]"));

    private static readonly Gen<string> Path = Gen.Select(Gen.OneOf("a", "b", "items", "\\\"x y\\\""), Step.Array[0, 2], (first, rest) => $"\"{first}{string.Concat(rest)}\"");

    private static readonly Gen<string> Id = Gen.OneOf("1", "2", "18446744073709551615", "\"4d3e2f1a-0b9c-4d8e-8f7a-6b5c4d3e2f1a\"");

    private static readonly Gen<string> GeoPoint = Gen.Select(Gen.Double[-180, 180], Gen.Double[-90, 90], (lon, lat) => $$"""{"lon": {{lon:R}}, "lat": {{lat:R}}}""");

    private static readonly Gen<string> Match = Gen.OneOf<string>(
        Gen.OneOf<string>(Text, Integer, Gen.OneOf("true", "false")).Select(value => $$"""{"value": {{value}}}"""),
        Gen.Select(Gen.OneOf("any", "except"), Gen.OneOf<string>(List(Text), List(Integer)), (kind, values) => $$"""{"{{kind}}": {{values}}}"""),
        Gen.Select(Gen.OneOf("text", "phrase", "text_any"), Text, (kind, text) => $$"""{"{{kind}}": {{text}}}"""));

    private static readonly Gen<string> Polygon = GeoPoint.Array[3, 5].Select(points => $$$"""{"exterior": {"points": [{{{string.Join(", ", points)}}}, {{{points[0]}}}]}}""");

    private static readonly Gen<string> Check = Gen.OneOf<string>(
        Match.Select(match => $"\"match\": {match}"),
        Bounds(Number).Select(bounds => $"\"range\": {bounds}"),
        Bounds(Gen.OneOf("\"2024-05-01\"", "\"2024-04-30T22:00:00.5Z\"", "\"+12024-05-01T00:00:00Z\"")).Select(bounds => $"\"range\": {bounds}"),
        Bounds(Gen.OneOf("0", "1", "2", "18446744073709551615")).Select(bounds => $"\"values_count\": {bounds}"),
        Gen.Select(Gen.OneOf("is_empty", "is_null"), Gen.OneOf("true", "false"), (kind, expected) => $"\"{kind}\": {expected}"),
        Gen.Select(GeoPoint, Gen.Double[0, 2e7], (center, radius) => $$$""" "geo_radius": {"center": {{{center}}}, "radius": {{{radius:R}}}}"""),
        Gen.Select(GeoPoint, GeoPoint, (one, other) => $$$""" "geo_bounding_box": {"top_left": {{{one}}}, "bottom_right": {{{other}}}}"""),
        Polygon.Select(polygon => $"\"geo_polygon\": {polygon}"));

    /// <summary>An object.</summary>
    public static Gen<string> Payload { get; } = Object(Value(depth: 3));

    /// <summary>A filter that Qdrant would take.</summary>
    public static Gen<string> Filter { get; } = FilterOf(depth: 3);

    /// <summary>JSON made of a filter's words, seldom a filter.</summary>
    public static Gen<string> Nonsense { get; } = NonsenseOf(depth: 5);

    private static Gen<string> Value(int depth) => depth == 0
        ? Scalar
        : Gen.Frequency<string>((2, Scalar), (1, List(Value(depth - 1))), (1, Object(Value(depth - 1))));

    private static Gen<string> Object(Gen<string> value) => Gen
        .Select(Key, value, (key, member) => $"\"{key}\": {member}").Array[0, 4]
        .Select(members => $"{{{string.Join(", ", members)}}}");

    private static Gen<string> List(Gen<string> item) => item.Array[0, 3].Select(items => $"[{string.Join(", ", items)}]");

    private static Gen<string> Bounds(Gen<string> bound) => Gen
        .Select(Gen.Shuffle(Comparisons), bound.Array[0, 3], (names, bounds) => bounds.Select((value, at) => $"\"{names[at]}\": {value}"))
        .Select(members => $"{{{string.Join(", ", members)}}}");

    private static Gen<string> FilterOf(int depth)
    {
        var conditions = Gen.Frequency<string>((4, List(ConditionOf(depth))), (1, ConditionOf(depth)), (1, Gen.Const("null")));
        var minShould = Gen.Select(List(ConditionOf(depth)), Gen.Int[0, 3], (list, count) => $$"""{"conditions": {{list}}, "min_count": {{count}}}""");
        return Gen
            .Select(Gen.Shuffle(Parts), conditions.Array[2], minShould,
                (names, lists, least) => names.Take(2).Select((name, at) => $"\"{name}\": {(name == "min_should" ? least : lists[at])}"))
            .Select(members => $"{{{string.Join(", ", members)}}}");
    }

    private static Gen<string> ConditionOf(int depth)
    {
        var simple = Gen.OneOf<string>(
            Gen.Select(Path, Check, (path, check) => $$"""{"key": {{path}}, {{check}}}"""),
            Gen.Select(Path, Match, Bounds(Number), (path, match, range) => $$"""{"key": {{path}}, "match": {{match}}, "range": {{range}}}"""),
            Gen.Select(Gen.OneOf("is_empty", "is_null"), Path, (kind, path) => $$$"""{"{{{kind}}}": {"key": {{{path}}}}}"""),
            List(Id).Select(ids => $$"""{"has_id": {{ids}}}"""),
            Gen.OneOf("""{"has_vector": "a"}""", """{"has_vector": ""}""", "{}"));
        return depth == 0
            ? simple
            : Gen.Frequency<string>(
                (6, simple),
                (1, FilterOf(depth - 1)),
                (1, Gen.Select(Path, FilterOf(depth - 1), (path, filter) => $$$"""{"nested": {"key": {{{path}}}, "filter": {{{filter}}}}}""")));
    }

    private static Gen<string> NonsenseOf(int depth)
    {
        var scalar = Gen.OneOf<string>(Scalar, Path, Gen.OneOf("\"\\ud800\"", "1e400", "-0"));
        if (depth == 0)
            return scalar;

        var name = Gen.OneOf(
            "must", "should", "must_not", "min_should", "conditions", "min_count", "key", "match", "value", "any", "except", "text", "text_any", "phrase", "range", "gt", "lte",
            "values_count", "is_empty", "is_null", "has_id", "has_vector", "nested", "filter", "geo_radius", "center", "radius", "lon", "lat", "geo_polygon", "exterior", "points", "x");
        var inner = NonsenseOf(depth - 1);
        var members = Gen.Select(name, inner, (key, value) => $"\"{key}\": {value}").Array[0, 4].Select(all => $"{{{string.Join(", ", all)}}}");
        return Gen.Frequency<string>((1, scalar), (2, List(inner)), (6, members));
    }
}
