using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Arguments;

namespace McpQdrant.Tests.Server.Mcp;

public sealed class ToolArgumentsTests
{
    [Theory]
    [InlineData("{}", "The argument 'information' is missing. Give it as a string.")]
    [InlineData("""{"information": null}""", "The argument 'information' is missing. Give it as a string.")]
    [InlineData("""{"information": ""}""", "The argument 'information' is empty. Give a text.")]
    [InlineData("""{"information": " \n"}""", "The argument 'information' is empty. Give a text.")]
    [InlineData("""{"information": "éé"}""", "The argument 'information' has 4 bytes; at most 3 are allowed. Split it into several memories.")]
    [InlineData("""{"information": "\ud800"}""", "The argument 'information' holds half of a surrogate pair. Send valid Unicode.")]
    public void Text_says_what_is_wrong(string arguments, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<MemoryException>(() => Of(arguments).Text("information", maxBytes: 3)).Message);

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"metadata": null}""", null)]
    [InlineData("""{"metadata": ""}""", null)]
    [InlineData("""{"metadata": "null"}""", null)]
    [InlineData("""{"metadata": {"a": 1}}""", """{"a": 1}""")]
    [InlineData("""{"metadata": "{\"a\": 1}"}""", """{"a": 1}""")]
    public void Object_takes_an_object_or_the_text_that_spells_one(string arguments, string? expected) =>
        Assert.Equal(expected, Of(arguments).Object("metadata")?.GetRawText());

    [Theory]
    [InlineData("""{"metadata": 1}""", "The argument 'metadata' is a number. Give a JSON object.")]
    [InlineData("""{"metadata": []}""", "The argument 'metadata' is an array. Give a JSON object.")]
    [InlineData("""{"metadata": "[1]"}""", "The argument 'metadata' is an array. Give a JSON object.")]
    [InlineData("""{"metadata": "topic: x"}""", "The argument 'metadata' is a string that spells no JSON object. Give an object, for instance {\"topic\": \"deployment\"}.")]
    public void Object_says_what_is_wrong(string arguments, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<MemoryException>(() => Of(arguments).Object("metadata")).Message);

    [Theory]
    [InlineData("5", "5")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    [InlineData("""["a", 1]""", """["a", 1]""")]
    [InlineData("""{"a": 1}""", """{"a": 1}""")]
    public void Text_takes_other_json_as_its_text(string value, string expected) =>
        Assert.Equal(expected, Of($$"""{"information": {{value}}}""").Text("information", maxBytes: 100));

    [Fact]
    public void PassOver_names_the_argument_that_does_not_exist() =>
        Assert.Equal(
            "There is no argument 'text'; it was ignored. The arguments are: information, metadata.",
            Of("""{"text": "x", "information": "y"}""").PassOver(["information", "metadata"], _ => null));

    [Fact]
    public void PassOver_refuses_what_would_change_the_question() =>
        Assert.Equal("No filters here.", Assert.Throws<MemoryException>(() => Of("""{"query_filter": {}}""").PassOver(["query"], _ => "No filters here.")).Message);

    [Theory]
    [InlineData("""{"force": true}""", true)]
    [InlineData("""{"force": "True"}""", true)]
    [InlineData("""{"force": "1"}""", true)]
    [InlineData("""{"force": 1}""", true)]
    [InlineData("""{"force": "false"}""", false)]
    [InlineData("""{"force": 0}""", false)]
    [InlineData("""{"force": ""}""", false)]
    [InlineData("""{"force": null}""", false)]
    public void Flag_takes_every_spelling(string arguments, bool expected) => Assert.Equal(expected, Of(arguments).Flag("force"));

    [Theory]
    [InlineData("\"maybe\"")]
    [InlineData("2")]
    [InlineData("[]")]
    public void Flag_says_what_is_wrong(string value) =>
        Assert.Contains("Give true or false.", Assert.Throws<MemoryException>(() => Of($$"""{"force": {{value}}}""").Flag("force")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("5", 5L)]
    [InlineData("5.0", 5L)]
    [InlineData("5e0", 5L)]
    [InlineData("\"5\"", 5L)]
    [InlineData("\" -5 \"", -5L)]
    [InlineData("9223372036854775807", 9223372036854775807L)]
    [InlineData("5.5", null)]
    [InlineData("1e300", null)]
    [InlineData("\"five\"", null)]
    [InlineData("true", null)]
    public void AsInteger_takes_what_is_certainly_one(string value, long? expected) => Assert.Equal(expected, ToolArguments.AsInteger("year", JsonElement.Parse(value)));

    [Fact]
    public void Ids_are_read_in_every_spelling_and_wrong_ones_are_named()
    {
        Assert.Equal([new MemoryId(7), new MemoryId(8)], Of("""{"ids": "[7, \"8\"]"}""").Ids("ids"));
        Assert.Equal([new MemoryId(7)], Of("""{"ids": 7}""").Ids("ids"));
        Assert.Equal([new MemoryId(7)], Of("""{"ids": "7"}""").Ids("ids"));
        Assert.Empty(Of("""{"ids": ""}""").Ids("ids"));
        Assert.Equal([new MemoryId(7), new MemoryId(new Guid("4d3e2f1a-0b9c-4d8e-8f7a-6b5c4d3e2f1a"))], Of("""{"ids": [7, "4d3e2f1a0b9c4d8e8f7a6b5c4d3e2f1a"]}""").Ids("ids"));
        Assert.Equal(
            "The argument 'ids' holds 'x', which is no id. Give ids as qdrant-find returned them.",
            Assert.Throws<MemoryException>(() => Of("""{"ids": ["x"]}""").Ids("ids")).Message);
        Assert.Equal(
            "The argument 'ids' holds half of a surrogate pair. Send valid Unicode.",
            Assert.Throws<MemoryException>(() => Of("""{"ids": ["\ud800"]}""").Ids("ids")).Message);
    }

    private static ToolArguments Of(string json) =>
        new(JsonElement.Parse(json).EnumerateObject().ToDictionary(argument => argument.Name, argument => argument.Value));
}
