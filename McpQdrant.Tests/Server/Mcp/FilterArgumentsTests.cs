using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Mcp.Tools;
using McpQdrant.Server.Mcp.Tools.Arguments;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>What no client sends, but a raw message may hold.</summary>
public sealed class FilterArgumentsTests
{
    [Theory]
    [InlineData(nameof(FilterOperator.Equal), """{"project": "\ud800"}""")]
    [InlineData(nameof(FilterOperator.Any), """{"project": ["x", "\ud800"]}""")]
    public void Half_of_a_surrogate_pair_is_said(string condition, string arguments)
    {
        var filters = new FilterArguments(new ToolOptions { FilterableFields = [new FilterableField("project", "d", FieldType.Keyword, Enum.Parse<FilterOperator>(condition), Required: false)] });
        var given = JsonElement.Parse(arguments).EnumerateObject().ToDictionary(argument => argument.Name, argument => argument.Value);

        Assert.Equal(
            "The argument 'project' holds half of a surrogate pair. Send valid Unicode.",
            Assert.Throws<MemoryException>(() => filters.Read(new ToolArguments(given))).Message);
    }
}
