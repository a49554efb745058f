using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>The arguments of <c>qdrant-find</c> that filter.</summary>
public sealed class FindFilterTests
{
    private const string Fields =
        """
        [
          {"name": "project", "description": "d", "field_type": "keyword", "condition": "=="},
          {"name": "state", "description": "d", "field_type": "keyword", "condition": "!="},
          {"name": "kind", "description": "d", "field_type": "keyword", "condition": "any"},
          {"name": "tag", "description": "d", "field_type": "keyword", "condition": "except"},
          {"name": "year", "description": "d", "field_type": "integer", "condition": ">="},
          {"name": "code", "description": "d", "field_type": "integer", "condition": "any"},
          {"name": "level", "description": "d", "field_type": "integer", "condition": "except"},
          {"name": "number", "description": "d", "field_type": "integer", "condition": "=="},
          {"name": "weight", "description": "d", "field_type": "float", "condition": "<"},
          {"name": "height", "description": "d", "field_type": "float", "condition": ">"},
          {"name": "size", "description": "d", "field_type": "integer", "condition": "<="},
          {"name": "done", "description": "d", "field_type": "boolean", "condition": "=="},
          {"name": "inner.name", "description": "d", "field_type": "keyword", "condition": "=="}
        ]
        """;

    private const string A =
        """{"project": "atlas", "state": "open", "kind": "decision", "tag": "x", "year": 2024, "code": 1, "level": 1, "number": 7, "weight": 1.5, "height": 1.5, "size": 10, "done": true, "inner": {"name": "n"}}""";

    private const string B =
        """{"project": "borea", "state": "shut", "kind": "fact", "tag": "y", "year": 2026, "code": 2, "level": 2, "number": 8, "weight": 2, "height": 3, "size": 11, "done": false, "inner": {"name": "m"}}""";

    [Theory]
    [InlineData("\"project\": \"atlas\"", "a")]
    [InlineData("\"project\": \"none\"", "")]
    [InlineData("\"project\": null", "a b c")]
    [InlineData("\"state\": \"open\"", "b c")]
    [InlineData("\"kind\": [\"fact\", \"other\"]", "b")]
    [InlineData("\"kind\": []", "")]
    [InlineData("\"tag\": [\"x\"]", "b")]
    [InlineData("\"year\": 2025", "b")]
    [InlineData("\"code\": [1, 2]", "a b")]
    [InlineData("\"level\": [1]", "b")]
    [InlineData("\"number\": 7", "a")]
    [InlineData("\"weight\": 2", "a")]
    [InlineData("\"height\": 1.5", "b")]
    [InlineData("\"size\": 10", "a")]
    [InlineData("\"done\": false", "b")]
    [InlineData("\"inner.name\": \"m\"", "b")]
    [InlineData("\"done\": true, \"year\": 2025", "")]
    [InlineData("\"state\": \"shut\", \"year\": 2000", "a")]
    public async Task Fields_filter_as_their_conditions_say(string arguments, string expected)
    {
        foreach (var qdrant in (StandInHandler?[])[null, new StandInHandler()])
        {
            await using var host = await ToolHost.StartAsync(qdrant, ("FILTERABLE_FIELDS", Fields));
            await host.StoreAsync("a", A);
            await host.StoreAsync("b", B);
            await host.StoreAsync("c");

            var found = await host.FindAsync("cat", $", {arguments}");

            Assert.Equal(expected, string.Join(' ', found.FoundSorted));
            qdrant?.Dispose();
        }
    }

    [Theory]
    [InlineData("\"year\": \"MMXXIV\"", "The argument 'year' is not what it must be. Give an integer.")]
    [InlineData("\"weight\": \"heavy\"", "The argument 'weight' is not what it must be. Give a number.")]
    [InlineData("\"done\": \"perhaps\"", "The argument 'done' is not what it must be. Give true or false.")]
    [InlineData("\"code\": [1.5]", "The argument 'code' is not what it must be. Give an array of integers.")]
    [InlineData("\"year\": 2024.5", "The argument 'year' is not what it must be. Give an integer.")]
    [InlineData("\"weight\": 1e400", "The argument 'weight' is not what it must be. Give a number.")]
    [InlineData("\"query_filter\": {}", "There is no 'query_filter' here: filter by 'project', 'state', 'kind', 'tag', 'year', 'code', 'level', 'number', 'weight', 'height', 'size', 'done', 'inner.name'.")]
    public async Task A_wrong_value_is_said(string arguments, string sentence)
    {
        await using var host = await ToolHost.StartAsync(("FILTERABLE_FIELDS", Fields), ("QDRANT_ALLOW_ARBITRARY_FILTER", "true"));

        Assert.Equal(sentence, await host.RefusalAsync("qdrant-find", $$"""{"collection_name": "notes", "query": "cat", {{arguments}}}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData(", \"project\": null")]
    public async Task A_required_field_must_be_given(string arguments)
    {
        await using var host = await ToolHost.StartAsync(
            ("FILTERABLE_FIELDS", """[{"name": "project", "description": "d", "field_type": "keyword", "condition": "any", "required": true}]"""));

        Assert.Equal(
            "The argument 'project' is missing. Give an array of strings.",
            await host.RefusalAsync("qdrant-find", $$"""{"collection_name": "notes", "query": "cat"{{arguments}}}"""));
    }

    [Theory]
    [InlineData("""{"must": [{"key": "metadata.project", "match": {"value": "atlas"}}]}""", "a")]
    [InlineData("""{"must_not": [{"key": "metadata.project", "match": {"value": "atlas"}}]}""", "b c")]
    [InlineData("""{"should": [{"key": "metadata.year", "range": {"gt": 2025}}, {"is_empty": {"key": "metadata.year"}}]}""", "b c")]
    [InlineData("""{"min_should": {"min_count": 2, "conditions": [{"key": "metadata.number", "match": {"any": [7, 8]}}, {"key": "metadata.done", "match": {"value": true}}]}}""", "a")]
    [InlineData("""{"must": [{"key": "document", "match": {"value": "c"}}]}""", "c")]
    [InlineData("\"{\\\"must\\\": [{\\\"key\\\": \\\"metadata.done\\\", \\\"match\\\": {\\\"value\\\": true}}]}\"", "a")]
    [InlineData("{}", "a b c")]
    [InlineData("null", "a b c")]
    public async Task Any_filter_of_Qdrant_is_taken_where_that_is_allowed(string filter, string expected)
    {
        await using var host = await ToolHost.StartAsync(("QDRANT_ALLOW_ARBITRARY_FILTER", "true"));
        await host.StoreAsync("a", A);
        await host.StoreAsync("b", B);
        await host.StoreAsync("c");

        Assert.Equal(expected, string.Join(' ', (await host.FindAsync("cat", $", \"query_filter\": {filter}")).FoundSorted));
    }

    [Theory]
    [InlineData("""{"must": [{"key": "a", "match": {"value": 1}}, {"key": "b", "range": {"gte": "soon"}}]}""", "must[1].range.gte is the text \"soon\".")]
    [InlineData("""{"musst": []}""", "The filter has the unknown field 'musst'.")]
    [InlineData("[]", "The argument 'query_filter' is an array. Give a JSON object.")]
    public async Task An_invalid_filter_names_the_place(string filter, string part)
    {
        await using var host = await ToolHost.StartAsync(("QDRANT_ALLOW_ARBITRARY_FILTER", "true"));

        Assert.Contains(
            part, await host.RefusalAsync("qdrant-find", $$"""{"collection_name": "notes", "query": "cat", "query_filter": {{filter}}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_is_refused_where_it_is_not_allowed()
    {
        await using var host = await ToolHost.StartAsync();

        Assert.Equal(
            "Filters of one's own are turned off here. Leave 'query_filter' out, or have the operator set QDRANT_ALLOW_ARBITRARY_FILTER=true.",
            await host.RefusalAsync("qdrant-find", """{"collection_name": "notes", "query": "cat", "query_filter": {}}"""));
    }

    [Fact]
    public async Task Filters_look_where_an_adopted_collection_keeps_its_fields()
    {
        using var qdrant = new StandInHandler();
        qdrant.Send("PUT", "/collections/notes", """{"vectors": {"size": 8, "distance": "Cosine"}}""");
        qdrant.Send("PUT", "/collections/notes/points?wait=true",
            """
            {"points": [
              {"id": 1, "vector": [1,0,0,0,0,0,0,0], "payload": {"page_content": "a", "project": "atlas", "year": 2024}},
              {"id": 2, "vector": [0,1,0,0,0,0,0,0], "payload": {"page_content": "b", "project": "borea", "year": 2026}}
            ]}
            """);
        await using var fields = await ToolHost.StartAsync(qdrant, ("FILTERABLE_FIELDS", Fields));
        await using var any = await ToolHost.StartAsync(qdrant, ("QDRANT_ALLOW_ARBITRARY_FILTER", "true"));
        const string Filter = """{"must": [{"key": "metadata.project", "match": {"value": "borea"}}], "must_not": [{"key": "document", "match": {"value": "a"}}]}""";

        Assert.Equal(["a"], (await fields.FindAsync("cat", ", \"project\": \"atlas\"")).Found);
        Assert.Equal(["b"], (await fields.FindAsync("cat", ", \"year\": 2025")).Found);
        Assert.Equal(["b"], (await any.FindAsync("cat", $", \"query_filter\": {Filter}")).Found);
        Assert.Equal("1", (await any.DoAsync("qdrant-forget", $$"""{"collection_name": "notes", "filter": {{Filter}}}"""))["matched"]);
    }

    [Theory]
    [InlineData("größe")]
    [InlineData("a-b")]
    [InlineData("_")]
    [InlineData("1")]
    public async Task Any_name_that_a_field_may_have_is_an_argument_that_filters(string name)
    {
        await using var host = await ToolHost.StartAsync(
            ("FILTERABLE_FIELDS", $$"""[{"name": "{{name}}", "description": "d", "field_type": "keyword", "condition": "=="}]"""));
        await host.StoreAsync("a", $$"""{"{{name}}": "x"}""");
        await host.StoreAsync("b");

        Assert.Equal(["a"], (await host.FindAsync("cat", $", \"{name}\": \"x\"")).Found);
    }
}
