using System.Text.Json;
using ModelContextProtocol;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>Which tools there are, and where they reach.</summary>
public sealed class OfferedToolsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collections_are_listed_with_what_they_hold()
    {
        await using var host = await ToolHost.StartAsync();

        var none = await host.DoAsync("qdrant-collections", "{}");
        await host.StoreAsync("cat", collection: "Work");
        await host.StoreAsync("dog", collection: "Work");
        await host.StoreAsync("mat", collection: "home");
        var two = await host.DoAsync("qdrant-collections", "{}");

        Assert.Equal(["There are no collections yet. qdrant-store makes one."], none.Texts);
        Assert.Equal(["Work: 2 memories, searched by meaning and words.", "home: 1 memories, searched by meaning and words."], two.Texts);
        var work = two.Structured.GetProperty("collections")[0];
        Assert.Equal(
            ("Work", 2, "tiny-test", "hybrid"),
            (work.GetProperty("name").GetString(), work.GetProperty("memories").GetInt32(), work.GetProperty("model").GetString(), work.GetProperty("search").GetString()));
    }

    [Theory]
    [InlineData("QDRANT_READ_ONLY", "true", "qdrant-collections qdrant-find")]
    [InlineData("MCP_TOOLS", "find,store", "qdrant-find qdrant-store")]
    [InlineData("MCP_TOOLS", "qdrant-forget", "qdrant-forget")]
    public async Task Only_some_tools_are_offered(string setting, string value, string expected)
    {
        await using var host = await ToolHost.StartAsync((setting, value));

        var offered = (await host.ToolsAsync()).Keys;

        Assert.Equal(expected, string.Join(' ', offered.Order()));
        foreach (var other in ((string[])["qdrant-find", "qdrant-store", "qdrant-update", "qdrant-forget", "qdrant-collections"]).Except(offered))
            Assert.Equal(McpErrorCode.InvalidParams, await host.ProtocolErrorAsync(client => client.CallToolAsync(other, cancellationToken: Token).AsTask()));
    }

    [Fact]
    public async Task Read_only_and_a_choice_of_tools_hold_together()
    {
        await using var host = await ToolHost.StartAsync(("QDRANT_READ_ONLY", "true"), ("MCP_TOOLS", "store,find"));

        Assert.Equal(["qdrant-find"], (await host.ToolsAsync()).Keys);
    }

    [Theory]
    [InlineData("qdrant-store", "\"information\": \"x\"")]
    [InlineData("qdrant-find", "\"query\": \"x\"")]
    [InlineData("qdrant-update", "\"id\": 1, \"information\": \"x\"")]
    [InlineData("qdrant-forget", "\"ids\": [1]")]
    public async Task Bound_to_a_collection_no_tool_reaches_another(string tool, string arguments)
    {
        await using var host = await ToolHost.StartAsync(("COLLECTION_NAME", "notes"));

        var sentence = await host.RefusalAsync(tool, $$"""{"collection_name": "others", {{arguments}}}""");

        Assert.StartsWith("This server works in the collection 'notes' only. Leave 'collection_name' out.", sentence, StringComparison.Ordinal);
        Assert.All((await host.ToolsAsync()).Values, offered => Assert.False(offered.InputSchema.GetProperty("properties").TryGetProperty("collection_name", out _)));
    }

    [Fact]
    public async Task Bound_to_a_collection_all_tools_work_in_it()
    {
        await using var host = await ToolHost.StartAsync(("COLLECTION_NAME", "notes"));

        var stored = await host.DoAsync("qdrant-store", """{"information": "cat"}""");
        var updated = await host.DoAsync("qdrant-update", $$"""{"id": "{{stored["id"]}}", "information": "dog"}""");
        var found = await host.DoAsync("qdrant-find", """{"query": "dog"}""");
        var forgotten = await host.DoAsync("qdrant-forget", $$"""{"ids": ["{{stored["id"]}}"]}""");

        Assert.Equal(("Remembered: cat", "notes"), (stored.Text.Split('\n')[0], stored["collection"]));
        Assert.Equal(("dog", "dog", "1"), (updated["content"], Assert.Single(found.Found), forgotten["deleted"]));
        Assert.Equal("notes", Assert.Single((await host.DoAsync("qdrant-collections", "{}")).Structured.GetProperty("collections").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task With_the_argument_kept_the_collection_is_a_default()
    {
        await using var host = await ToolHost.StartAsync(("COLLECTION_NAME", "notes"), ("MCP_COLLECTION_ARGUMENT", "true"));

        var there = await host.DoAsync("qdrant-store", """{"information": "cat"}""");
        var elsewhere = await host.DoAsync("qdrant-store", """{"information": "dog", "collection_name": "others"}""");

        Assert.Equal(("notes", "Remembered: cat"), (there["collection"], there.Text.Split('\n')[0]));
        Assert.Equal(("others", "Remembered: dog in collection others"), (elsewhere["collection"], elsewhere.Text.Split('\n')[0]));
        Assert.Equal(["cat"], (await host.DoAsync("qdrant-find", """{"query": "cat"}""")).Found);
        Assert.Equal(["dog"], (await host.FindAsync("cat", collection: "others")).Found);
        Assert.Equal("1", (await host.DoAsync("qdrant-forget", $$"""{"collection_name": "others", "ids": ["{{elsewhere["id"]}}"]}"""))["deleted"]);
        foreach (var tool in (await host.ToolsAsync()).Values.Where(tool => tool.Name != "qdrant-collections"))
        {
            Assert.True(tool.InputSchema.GetProperty("properties").TryGetProperty("collection_name", out _), tool.Name);
            Assert.DoesNotContain("collection_name", tool.InputSchema.TryGetProperty("required", out var required) ? required.ToString() : "", StringComparison.Ordinal);
        }
    }

    /// <summary>Several gateways drop a tool, or the whole list, where a type is an array or a choice; Gemini refuses an object without properties.</summary>
    [Theory]
    [InlineData]
    [InlineData("COLLECTION_NAME=notes", "MCP_COLLECTION_ARGUMENT=true")]
    [InlineData("QDRANT_ALLOW_ARBITRARY_FILTER=true", "MEMORY_DUPLICATE_THRESHOLD=0.9")]
    [InlineData("""FILTERABLE_FIELDS=[{"name": "kinds", "description": "d", "field_type": "keyword", "condition": "any"}, {"name": "year", "description": "d", "field_type": "integer", "condition": ">="}]""")]
    public async Task Every_schema_has_one_type_for_each_property_and_no_bare_object(params string[] settings)
    {
        await using var host = await ToolHost.StartAsync([.. settings.Select(setting => setting.Split('=', 2)).Select(pair => (pair[0], pair[1]))]);

        foreach (var (name, tool) in await host.ToolsAsync())
        {
            foreach (var property in tool.InputSchema.GetProperty("properties").EnumerateObject())
                AssertPlain(property.Value, $"{name}.{property.Name}");
        }

        static void AssertPlain(JsonElement schema, string path)
        {
            Assert.True(schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String, $"{path}: {schema}");
            Assert.False(schema.TryGetProperty("anyOf", out _) || schema.TryGetProperty("oneOf", out _), path);
            if (type.GetString() == "array")
                AssertPlain(schema.GetProperty("items"), $"{path}[]");
            if (type.GetString() != "object")
                return;
            Assert.NotEmpty(schema.GetProperty("properties").EnumerateObject());
            foreach (var property in schema.GetProperty("properties").EnumerateObject())
                AssertPlain(property.Value, $"{path}.{property.Name}");
        }
    }
}
