using System.Text.Json;
using McpQdrant.Server.Mcp.Tools.Answers;

namespace McpQdrant.Tests.Server.Mcp;

public sealed class ShownMetadataTests
{
    [Fact]
    public void Of_leaves_what_an_answer_can_carry()
    {
        var metadata = Nested(57);

        Assert.Equal(metadata.GetRawText(), ShownMetadata.Of(metadata)?.GetRawText());
        Assert.Null(ShownMetadata.Of(null));
    }

    [Fact]
    public void Of_shows_what_is_too_deep_as_text()
    {
        var shown = ShownMetadata.Of(Nested(100))!.Value;

        Assert.Equal("kept", shown.GetProperty("beside").GetString());
        var deepest = shown.GetProperty("a");
        for (var level = 2; level <= 58; level++)
            deepest = deepest[0];
        Assert.Equal($"{new string('[', 43)}{new string(']', 43)}", deepest.GetString());
    }

    /// <summary>Metadata may come as a text, and a text is parsed by itself: deeper than a message can be.</summary>
    [Fact]
    public async Task One_deep_memory_does_not_keep_others_from_being_found()
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("the cat");

        var deep = await host.StoreAsync("the deep cat", JsonSerializer.Serialize(Nested(62).GetRawText()));
        var found = await host.FindAsync("cat");
        var updated = await host.DoAsync("qdrant-update", $$"""{"collection_name": "notes", "metadata": {"seen": true}, "id": "{{deep}}"}""");

        Assert.Equal(["the cat", "the deep cat"], found.FoundSorted);
        Assert.True(updated.Structured.GetProperty("metadata").GetProperty("seen").GetBoolean());
    }

    /// <param name="levels">Of lists, within an object.</param>
    private static JsonElement Nested(int levels) =>
        JsonElement.Parse($$"""{"a":{{new string('[', levels)}}{{new string(']', levels)}},"beside":"kept"}""", new JsonDocumentOptions { MaxDepth = 256 });
}
