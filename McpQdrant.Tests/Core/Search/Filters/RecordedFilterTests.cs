using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Core.Search.Filters;

/// <summary>What Qdrant 1.18.3 answered without payload indexes. Other cases are read where FILTER_CASES and FILTER_POINTS name files of the same form.</summary>
public sealed class RecordedFilterTests
{
    [Fact]
    public void Matches_selects_what_qdrant_selected()
    {
        var points = FilterPoint.Read(Environment.GetEnvironmentVariable("FILTER_POINTS") ?? "points.jsonl");
        var cases = FilterPoint.Lines(Environment.GetEnvironmentVariable("FILTER_CASES") ?? "cases.jsonl").ToList();

        var wrong = cases.Where(entry => !Selects(Filter.Parse(entry.GetProperty("filter")), points, entry)).Select(entry => entry.GetRawText());

        Assert.NotEmpty(cases);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Matches_selects_what_qdrant_selected_after_printing()
    {
        var points = FilterPoint.Read("points.jsonl");
        var cases = FilterPoint.Lines("cases.jsonl");

        var wrong = cases.Where(entry => !Selects(Filter.Parse(Filter.Parse(entry.GetProperty("filter")).ToJson()), points, entry)).Select(entry => entry.GetRawText());

        Assert.Empty(wrong);
    }

    [Fact]
    public void Matches_selects_what_qdrant_selected_by_single_conditions_among_odd_values()
    {
        var points = FilterPoint.Read("matrix-points.jsonl");
        var cases = FilterPoint.Lines("matrix-cases.jsonl").ToList();

        var wrong = cases.Where(entry => !Selects(MustBe(entry.GetProperty("condition")), points, entry)).Select(entry => entry.GetRawText());

        Assert.Equal(100, cases.Count);
        Assert.Empty(wrong);
    }

    private static Filter MustBe(JsonElement condition) => Filter.Parse(JsonElement.Parse($$"""{"must": [{{condition.GetRawText()}}]}"""));

    private static bool Selects(Filter filter, IReadOnlyList<FilterPoint> points, JsonElement entry)
    {
        var selected = points.Where(filter.Matches).Select(point => point.Id).Order();
        return selected.SequenceEqual(entry.GetProperty("ids").EnumerateArray().Select(FilterPoint.IdOf).Order());
    }
}
