using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Core.Search.Filters;

/// <summary>Rules of conditions that the recorded cases don't reach, or bury.</summary>
public sealed class ConditionTests
{
    private const string Square = """[{"lon": 0, "lat": 0}, {"lon": 10, "lat": 0}, {"lon": 10, "lat": 10}, {"lon": 0, "lat": 10}, {"lon": 0, "lat": 0}]""";
    private const string Hole = """[{"lon": 4, "lat": 4}, {"lon": 4, "lat": 6}, {"lon": 6, "lat": 6}, {"lon": 6, "lat": 4}, {"lon": 4, "lat": 4}]""";

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(9.999, 5, true)]
    [InlineData(5, 5, false)]
    [InlineData(4, 5, false)]
    [InlineData(0, 5, false)]
    [InlineData(10, 10, false)]
    [InlineData(5, 0, false)]
    [InlineData(11, 5, false)]
    [InlineData(-1, 10, false)]
    public void Geo_polygon_excludes_its_lines_and_its_holes(double lon, double lat, bool expected) =>
        AssertMatch(
            $$$"""{"key": "v", "geo_polygon": {"exterior": {"points": {{{Square}}}}, "interiors": [{"points": {{{Hole}}}}]}}""",
            $$$"""{"v": {"lon": {{{lon}}}, "lat": {{{lat}}}}}""",
            expected);

    [Theory]
    [InlineData(132433.1, true)]
    [InlineData(132433.0, false)]
    public void Geo_radius_measures_in_metres(double radius, bool expected) =>
        AssertMatch(
            $$$"""{"key": "v", "geo_radius": {"center": {"lon": 23.319941, "lat": 42.698334}, "radius": {{{radius}}}}}""",
            """{"v": [{"lon": 24.742168, "lat": 42.136097}]}""",
            expected);

    [Theory]
    [InlineData("""{"v": -0}""", false)]
    [InlineData("""{"v": 0}""", true)]
    [InlineData("""{"v": [[0]]}""", false)]
    public void Match_value_takes_no_float_for_an_integer(string payload, bool expected) => AssertMatch("""{"key": "v", "match": {"value": 0}}""", payload, expected);

    [Theory]
    [InlineData("""{"key": "v", "values_count": {"gte": 0}, "is_empty": true}""", true)]
    [InlineData("""{"key": "v", "values_count": {"gte": 0}, "is_null": false}""", true)]
    [InlineData("""{"key": "v", "is_empty": false, "is_null": false}""", false)]
    [InlineData("""{"key": "v", "is_null": false, "match": {"value": 1}}""", true)]
    [InlineData("""{"key": "v", "values_count": {"gte": 0}}""", false)]
    [InlineData("""{"key": "v", "match": {"except": []}}""", false)]
    public void A_missing_field_can_satisfy_only_is_empty_and_is_null(string condition, bool expected) => AssertMatch(condition, "{}", expected);

    [Fact]
    public void A_range_of_times_tells_nanoseconds_apart()
    {
        const string condition = """{"key": "v", "range": {"gt": "2024-05-01T00:00:00.000000001Z"}}""";

        AssertMatch(condition, """{"v": "2024-05-01T00:00:00.000000001Z"}""", false);
        AssertMatch(condition, """{"v": "2024-05-01T00:00:00.000000002Z"}""", true);
    }

    [Theory]
    [InlineData("""{"nested": {"key": "v", "filter": {"min_should": {"conditions": [], "min_count": 0}}}}""", true)]
    [InlineData("""{"nested": {"key": "v", "filter": {"must_not": [{"should": []}]}}}""", true)]
    [InlineData("""{"nested": {"key": "v", "filter": {"must": [{"nested": {"key": "w[]", "filter": {"should": []}}}]}}}""", false)]
    [InlineData("""{"nested": {"key": "v", "filter": {"must_not": [{"has_vector": "a"}, {"has_id": [1]}]}}}""", true)]
    public void Nested_takes_empty_lists_at_their_word_and_knows_no_point(string condition, bool expected) =>
        AssertMatch(condition, """{"v": [{"w": [{}]}, 1]}""", expected);

    [Theory]
    [InlineData("""{"v": "x"}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("5")]
    public void A_payload_of_another_shape_has_nothing_anywhere(string payload) => AssertMatch("""{"is_empty": {"key": "v.x[].y"}}""", payload, true);

    private static void AssertMatch(string condition, string payload, bool expected)
    {
        var filter = Filter.Parse(JsonElement.Parse($$"""{"must": [{{condition}}]}"""));

        Assert.Equal(expected, filter.Matches(FilterPoint.Of(payload)));
        Assert.Equal(expected, Filter.Parse(filter.ToJson()).Matches(FilterPoint.Of(payload)));
    }
}
