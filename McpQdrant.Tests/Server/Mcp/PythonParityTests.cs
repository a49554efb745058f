using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>What the Python server 0.8.1 lists, our tools list too: the same arguments with the same types. What is required here is required there.</summary>
public sealed class PythonParityTests
{
    private const string Text = """{"type": "string"}""";

    /// <summary>There it is <c>anyOf</c> an object and null, which several clients refuse; null is taken all the same.</summary>
    private const string AnyObject = """{"type": "object", "additionalProperties": true}""";

    /// <summary>What our tools have more than those of the Python server; everything else is the same, but that 'query' and 'collection_name' may be left out.</summary>
    private static readonly string[] AddedTools = ["qdrant-update", "qdrant-forget", "qdrant-collections"];

    private static readonly (string Name, string Type)[] AddedToFind =
        [("metadata", AnyObject), ("since", Text), ("until", Text), ("limit", """{"type": "integer", "minimum": 1, "maximum": 50}""")];

    private static readonly (string Name, string Type) AddedToStore = ("expires", Text);

    private const string FiveFields =
        """
        [
          {"name": "project", "description": "The project.", "field_type": "keyword", "condition": "==", "required": true},
          {"name": "kind", "description": "The kinds.", "field_type": "keyword", "condition": "any"},
          {"name": "year", "description": "From this year on.", "field_type": "integer", "condition": ">="},
          {"name": "weight", "description": "Lighter than this.", "field_type": "float", "condition": "<"},
          {"name": "done", "description": "Not this.", "field_type": "boolean", "condition": "!="},
          {"name": "team", "description": "Indexed alone.", "field_type": "keyword"}
        ]
        """;

    [Fact]
    public async Task Without_settings_tools_have_the_arguments_of_the_Python_server()
    {
        await using var host = await ToolHost.StartAsync();

        var tools = await host.ToolsAsync();

        Assert.Equal(AddedTools.Concat(["qdrant-find", "qdrant-store"]).Order(), tools.Keys.Order());
        AssertInput(tools["qdrant-store"], ["information"], ("information", Text), ("collection_name", Text), ("metadata", AnyObject), AddedToStore);
        AssertInput(tools["qdrant-find"], [], [("query", Text), ("collection_name", Text), .. AddedToFind]);
    }

    [Fact]
    public async Task With_a_collection_tools_have_no_argument_for_it()
    {
        await using var host = await ToolHost.StartAsync(("COLLECTION_NAME", "notes"));

        var tools = await host.ToolsAsync();

        AssertInput(tools["qdrant-store"], ["information"], ("information", Text), ("metadata", AnyObject), AddedToStore);
        AssertInput(tools["qdrant-find"], [], [("query", Text), .. AddedToFind]);
    }

    [Fact]
    public async Task With_filterable_fields_find_has_an_argument_for_each_that_has_a_condition()
    {
        await using var host = await ToolHost.StartAsync(("FILTERABLE_FIELDS", FiveFields), ("QDRANT_ALLOW_ARBITRARY_FILTER", "true"));

        var tools = await host.ToolsAsync();

        AssertInput(
            tools["qdrant-find"],
            ["project"],
            [
                ("query", Text),
                ("collection_name", Text),
                ("project", Text),
                ("kind", """{"type": "array", "items": {"type": "string"}}"""),
                ("year", """{"type": "integer"}"""),
                ("weight", """{"type": "number"}"""),
                ("done", """{"type": "boolean"}"""),
                .. AddedToFind,
            ]);
        Assert.Equal("From this year on.", tools["qdrant-find"].InputSchema.GetProperty("properties").GetProperty("year").GetProperty("description").GetString());
    }

    [Fact]
    public async Task With_arbitrary_filters_find_has_a_query_filter()
    {
        await using var host = await ToolHost.StartAsync(("QDRANT_ALLOW_ARBITRARY_FILTER", "true"));

        var find = (await host.ToolsAsync())["qdrant-find"];

        AssertInput(find, [], [("query", Text), ("collection_name", Text), ("query_filter", AnyObject), .. AddedToFind]);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("COLLECTION_NAME", "notes")]
    [InlineData("FILTERABLE_FIELDS", FiveFields)]
    public async Task Every_tool_says_what_it_is_for(string setting, string value = "")
    {
        await using var host = setting == "default" ? await ToolHost.StartAsync() : await ToolHost.StartAsync((setting, value));

        foreach (var tool in (await host.ToolsAsync()).Values)
        {
            Assert.NotNull(tool.OutputSchema);
            Assert.False(string.IsNullOrEmpty(tool.Title), tool.Name);
            Assert.NotNull(tool.Annotations);
            Assert.All(
                tool.InputSchema.GetProperty("properties").EnumerateObject(),
                argument => Assert.False(string.IsNullOrEmpty(argument.Value.GetProperty("description").GetString()), $"{tool.Name}: {argument.Name}"));
        }
    }

    private static void AssertInput(Tool tool, string[] required, params (string Name, string Type)[] arguments)
    {
        var schema = tool.InputSchema;
        Assert.Equal(required.Order(), schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).Order() : Enumerable.Empty<string>());

        var properties = schema.GetProperty("properties");
        Assert.Equal(arguments.Select(argument => argument.Name).Order(), properties.EnumerateObject().Select(property => property.Name).Order());
        foreach (var (name, type) in arguments)
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(type), TypeOf(properties.GetProperty(name))), $"{name}: {properties.GetProperty(name)}");
    }

    /// <summary>A schema without what is said to people, and without bounds that only refuse what the Python server would fail on.</summary>
    private static JsonObject TypeOf(JsonElement schema)
    {
        var type = JsonNode.Parse(schema.GetRawText())!.AsObject();
        type.Remove("description");
        type.Remove("minLength");
        if (type["type"]!.GetValue<string>() == "object")
            type.Remove("properties");
        return type;
    }
}
