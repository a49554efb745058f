using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Core.Search.Filters;

public sealed class FilterTests
{
    [Theory]
    [InlineData("""{}""", true)]
    [InlineData("""{"must": null, "should": []}""", true)]
    [InlineData("""{"must": [], "must_not": [], "should": [], "min_should": {"conditions": [], "min_count": 3}}""", true)]
    [InlineData("""{"must": [{}, {"should": []}]}""", true)]
    [InlineData("""{"must_not": [{"has_id": []}, {"key": "a", "match": {"any": []}}]}""", true)]
    [InlineData("""{"should": [{"is_null": {"key": "a"}}, {}]}""", true)]
    [InlineData("""{"min_should": {"conditions": [{"is_null": {"key": "a"}}], "min_count": 0}}""", true)]
    [InlineData("""{"must_not": [{"must_not": [{}]}]}""", true)]
    [InlineData("""{"must_not": [{}]}""", false)]
    [InlineData("""{"should": [{"has_id": []}]}""", false)]
    [InlineData("""{"must": [{"is_null": {"key": "a"}}]}""", false)]
    [InlineData("""{"must_not": [{"is_null": {"key": "a"}}]}""", false)]
    [InlineData("""{"must": [{}, {"has_id": [1]}]}""", false)]
    [InlineData("""{"min_should": {"conditions": [{}], "min_count": 2}}""", false)]
    [InlineData("""{"must": [{"nested": {"key": "a", "filter": {}}}]}""", false)]
    public void MatchesEverything_sees_filters_that_filter_nothing(string json, bool expected) =>
        Assert.Equal(expected, Parse(json).MatchesEverything);

    [Fact]
    public void Reads_names_the_keys_at_the_top_that_matter()
    {
        var filter = Parse("""
            {"must": [{"key": "metadata.document", "is_null": true}, {"has_id": [1]}, {"must_not": [{"is_empty": {"key": "stored_at"}}]}],
             "min_should": {"min_count": 1, "conditions": [{"nested": {"key": "\"a.b\"", "filter": {"must": [{"key": "document", "is_null": true}]}}}]}}
            """);

        Assert.All(["metadata", "stored_at", "a.b"], key => Assert.True(filter.Reads(key)));
        Assert.All(["document", "a"], key => Assert.False(filter.Reads(key)));
    }

    [Fact]
    public void MapKeys_renames_all_keys_but_those_within_nested_conditions()
    {
        var filter = Parse("""
            {"must": [{"key": "metadata.a", "match": {"value": 1}}, {"has_id": [7]}, {"nested": {"key": "metadata.items", "filter": {"must": [{"is_null": {"key": "metadata.a"}}]}}}],
             "must_not": [{"is_empty": {"key": "metadata.\"x y\"[0]"}}],
             "should": [{"should": [{"is_null": {"key": "stored_at"}}]}],
             "min_should": {"conditions": [{"key": "metadata.b", "range": {"gt": 1}}], "min_count": 1}}
            """);

        var mapped = filter.MapKeys(key => key.StartsWith("metadata.", StringComparison.Ordinal) ? key["metadata.".Length..] : key);

        AssertJson("""
            {"must": [{"key": "a", "match": {"value": 1}}, {"has_id": [7]}, {"nested": {"key": "items", "filter": {"must": [{"is_null": {"key": "metadata.a"}}]}}}],
             "must_not": [{"is_empty": {"key": "\"x y\"[0]"}}],
             "should": [{"should": [{"is_null": {"key": "stored_at"}}]}],
             "min_should": {"conditions": [{"key": "b", "range": {"gt": 1}}], "min_count": 1}}
            """, mapped.Json);
    }

    [Fact]
    public void Json_is_what_was_parsed_even_where_it_would_be_printed_otherwise()
    {
        using var document = JsonDocument.Parse("""{"must": {"key": "a", "match": {"value": 1}, "comment": "kept"}, "should": null}""");
        var filter = Filter.Parse(document.RootElement);
        document.Dispose();

        AssertJson("""{"must": {"key": "a", "match": {"value": 1}, "comment": "kept"}, "should": null}""", filter.Json);
        AssertJson("""{"must": [{"key": "a", "match": {"value": 1}}]}""", filter.ToJson());
    }

    [Fact]
    public void Json_of_a_filter_made_here_is_printed()
    {
        var filter = new Filter
        {
            Must = [Condition.Match("metadata.project", "x"), Condition.Match("n", 5), Condition.Match("done", true), Condition.Range("price", gte: 1.5, lt: 2)],
            MustNot = [Condition.MatchAny("kind", ["a"]), Condition.MatchAny("n", [1]), Condition.MatchExcept("kind", ["b"]), Condition.MatchExcept("n", [5]), new Filter { Should = [Condition.Match("n", 6)] }],
        };

        AssertJson("""
            {"must": [{"key": "metadata.project", "match": {"value": "x"}}, {"key": "n", "match": {"value": 5}}, {"key": "done", "match": {"value": true}}, {"key": "price", "range": {"gte": 1.5, "lt": 2}}],
             "must_not": [{"key": "kind", "match": {"any": ["a"]}}, {"key": "n", "match": {"any": [1]}}, {"key": "kind", "match": {"except": ["b"]}}, {"key": "n", "match": {"except": [5]}}, {"should": [{"key": "n", "match": {"value": 6}}]}]}
            """, filter.Json);
        Assert.True(filter.Matches(FilterPoint.Of("""{"metadata": {"project": "x"}, "n": 5, "done": true, "price": 1.5, "kind": "b"}""")));
        Assert.False(filter.Matches(FilterPoint.Of("""{"metadata": {"project": "x"}, "n": 5, "done": true, "price": 2, "kind": "b"}""")));
    }

    [Fact]
    public void Match_refuses_a_key_that_is_no_path()
    {
        var refusal = Assert.Throws<FilterException>(() => Condition.Match("a b", 1));

        Assert.StartsWith("The key 'a b' is no path. ", refusal.Message);
    }

    [Fact]
    public void Matches_allocates_nothing()
    {
        var filter = Parse("""
            {"must": [{"key": "m.a", "match": {"any": ["x", "y"]}}, {"key": "m.t", "range": {"gte": "2024-05-01"}}, {"key": "m.l[].n", "values_count": {"gte": 1}},
                      {"nested": {"key": "m.l", "filter": {"must": [{"key": "n", "range": {"gt": 0}}]}}}, {"key": "m.a", "match": {"text_any": "q x"}}],
             "must_not": [{"has_id": [2]}, {"has_vector": "b"}], "min_should": {"conditions": [{}, {}], "min_count": 2}}
            """);
        var point = FilterPoint.Of("""{"m": {"a": "x", "t": "2024-06-01T00:00:00Z", "l": [{"n": 1}]}}""");
        Assert.True(filter.Matches(point));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            filter.Matches(point);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static Filter Parse(string json) => Filter.Parse(JsonElement.Parse(json));

    private static void AssertJson(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"{actual} instead of {expected}");
}
