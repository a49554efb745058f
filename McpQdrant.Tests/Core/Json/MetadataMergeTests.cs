using System.Text.Json;
using McpQdrant.Core.Json;

namespace McpQdrant.Tests.Core.Json;

public sealed class MetadataMergeTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"b":3,"c":[1.0]}""", """{"a":1,"b":3,"c":[1.0]}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":null}""", """{"b":2}""")]
    [InlineData("""{"a":{"x":1}}""", """{"a":{"y":2}}""", """{"a":{"y":2}}""")]
    [InlineData(null, """{"a":1}""", """{"a":1}""")]
    [InlineData("""{"a":1}""", null, """{"a":1}""")]
    [InlineData("""{"a":1,"a":null}""", """{"b":1,"b":2}""", """{"a":null,"b":2}""")]
    public void Of_sets_removes_and_keeps(string? old, string? changes, string expected) =>
        Assert.Equal(expected, MetadataMerge.Of(Json(old), Json(changes))?.GetRawText());

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}
