namespace McpQdrant.Tests.Tools;

public sealed class StoreToolTests
{
    [Fact]
    public async Task The_same_text_and_metadata_is_one_memory()
    {
        await using var host = await ToolHost.StartAsync();

        var first = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the cat", "metadata": {"a": 1, "b": [2]}}""");
        var again = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the cat", "metadata": "{\"b\": [2], \"a\": 1.0}"}""");
        var same = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the cat", "metadata": {"b": [2], "a": 1}}""");

        Assert.Equal(("True", "notes"), (first["created"], first["collection"]));
        Assert.Equal(("False", first["id"]), (same["created"], same["id"]));
        Assert.Equal(["Remembered: the cat in collection notes"], same.Texts);
        Assert.Equal(first["id"], again["id"]);
        Assert.Single((await host.FindAsync("cat")).Results);
    }
}
