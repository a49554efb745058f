using System.Text.Json;
using CsCheck;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Core.Search.Filters;

public sealed class FilterPropertyTests
{
    [Fact]
    public void A_filter_survives_printing() => Gen.Select(FilterGenerator.Filter, FilterGenerator.Payload).Sample(
        (json, payload) =>
        {
            var filter = Parse(json);
            var reread = Filter.Parse(filter.ToJson());
            var point = FilterPoint.Of(payload);

            Assert.Equal(filter.ToJson().GetRawText(), reread.ToJson().GetRawText());
            Assert.Equal(filter.Matches(point), reread.Matches(point));
            Assert.Equal(filter.MatchesEverything, reread.MatchesEverything);
        },
        iter: 5_000);

    [Fact]
    public void A_point_matches_either_a_filter_or_its_opposite() => Gen.Select(FilterGenerator.Filter, FilterGenerator.Payload).Sample(
        (json, payload) =>
        {
            var filter = Parse(json);
            var point = FilterPoint.Of(payload);

            Assert.NotEqual(filter.Matches(point), new Filter { MustNot = [filter] }.Matches(point));
            Assert.Equal(filter.Matches(point), new Filter { Must = [filter] }.Matches(point));
            Assert.True(filter.Matches(point) || !filter.MatchesEverything);
        },
        iter: 5_000);

    [Fact]
    public void A_filter_with_other_keys_matches_where_the_payload_has_those() => Gen.Select(FilterGenerator.Filter, FilterGenerator.Payload).Sample(
        (json, payload) =>
        {
            var filter = Parse(json);
            var below = filter.MapKeys(key => $"below.{key}");

            Assert.Equal(filter.Matches(FilterPoint.Of(payload)), below.Matches(FilterPoint.Of($$"""{"below": {{payload}}}""")));
        },
        iter: 5_000);

    [Fact]
    public void A_key_that_is_not_read_makes_no_difference() => Gen.Select(FilterGenerator.Filter, FilterGenerator.Payload, Gen.OneOf("a", "b", "items")).Sample(
        (json, payload, key) =>
        {
            var filter = Parse(json);
            var whole = FilterPoint.Of(payload);
            var without = new PointWithout(key, whole);

            Assert.True(filter.Reads(key) || filter.Matches(whole) == filter.Matches(without));
        },
        iter: 5_000);

    [Fact]
    public void What_is_no_filter_is_refused_by_a_filter_exception() => FilterGenerator.Nonsense.Sample(
        json =>
        {
            var refusal = Record.Exception(() => Parse(json));

            Assert.True(refusal is null or FilterException, $"{json}: {refusal}");
            Assert.True(refusal?.Message.Contains("Unicode", StringComparison.Ordinal) != true || json.Contains("\\ud800", StringComparison.Ordinal), json);
        },
        iter: 20_000);

    private static Filter Parse(string json) => Filter.Parse(JsonElement.Parse(json));

    private sealed class PointWithout(string key, FilterPoint point) : IFilterSubject
    {
        public PointId Id => point.Id;

        public PayloadValue Payload { get; } = new PayloadDecoder(key).Decode(point.Json);

        public bool HasVector(string name) => point.HasVector(name);
    }
}
