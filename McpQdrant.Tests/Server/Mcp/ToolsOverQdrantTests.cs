using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>The tools over a Qdrant server, where that may differ from the embedded store: what others wrote, and what goes over the wire.</summary>
public sealed class ToolsOverQdrantTests : IDisposable
{
    private readonly StandInHandler _qdrant = new();

    [Fact]
    public async Task All_tools_work_one_after_the_other()
    {
        await using var host = await ToolHost.StartAsync(_qdrant, ("MEMORY_DUPLICATE_THRESHOLD", "0.9999"));
        var cat = await host.StoreAsync("the cat sat", """{"done": true}""");
        var key = await host.StoreAsync("the key rotates every friday");

        var duplicate = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "sat the cat"}""");
        await host.DoAsync("qdrant-update", $$$"""{"collection_name": "notes", "id": "{{{key}}}", "information": "zurich cafe", "metadata": {"a": 1}}""");
        var again = await host.DoAsync("qdrant-store", """{"collection_name": "notes", "information": "the key rotates every friday"}""");
        var found = await host.FindAsync("zurich");
        var preview = await host.DoAsync("qdrant-forget", """{"collection_name": "notes", "filter": {"must": [{"key": "metadata.done", "match": {"value": true}}]}}""");
        await host.DoAsync("qdrant-forget", $$"""{"collection_name": "notes", "confirmation": "{{preview["confirmation"]}}"}""");

        Assert.Equal(("False", cat), (duplicate["created"], duplicate["id"]));
        Assert.Equal("True", again["created"]);
        Assert.Equal(("hybrid", "zurich cafe", 3), (found["search"], found.Found[0], found.Results.Count));
        Assert.Equal(1, found.Results[0].GetProperty("keyword_rank").GetInt32());
        Assert.Equal("1", preview["matched"]);
        Assert.Equal(["the key rotates every friday", "zurich cafe"], (await host.FindAsync("cat")).FoundSorted);
    }

    [Theory]
    [InlineData("""{"text": "a", "project": "x"}""", "a", """{"project":"x"}""")]
    [InlineData("""{"page_content": "a", "metadata": {"k": 1}}""", "a", """{"k":1}""")]
    [InlineData("""{"document": "a", "metadata": "not an object"}""", "a", """{"metadata":"not an object"}""")]
    [InlineData("""{"document": "a", "metadata": [1]}""", "a", """{"metadata":[1]}""")]
    [InlineData("""{"document": "a", "metadata": null, "stored_at": "yesterday"}""", "a", null)]
    [InlineData("""{"document": 5}""", "5", null)]
    [InlineData("""{"content": {"x": 1}}""", """{"x":1}""", null)]
    [InlineData("{}", "", null)]
    public async Task Whatever_another_program_wrote_is_an_answer_by_the_schema(string payload, string text, string? metadata)
    {
        await using var host = await ToolHost.StartAsync(_qdrant);
        _qdrant.Send("PUT", "/collections/notes", """{"vectors": {"size": 8, "distance": "Cosine"}}""");
        _qdrant.Send("PUT", "/collections/notes/points?wait=true", $$"""{"points": [{"id": 7, "vector": [1,0,0,0,0,0,0,0], "payload": {{payload}}}]}""");

        var found = await host.FindAsync("cat");

        var hit = Assert.Single(found.Results);
        Assert.Equal(("7", text, "dense"), (hit.GetProperty("id").GetString(), hit.GetProperty("content").GetString(), found["search"]));
        Assert.Equal(metadata, hit.TryGetProperty("metadata", out var there) ? there.GetRawText() : null);
        Assert.False(hit.TryGetProperty("created_at", out _));
    }

    [Fact]
    public async Task An_adopted_collection_keeps_its_form_and_what_is_stored_twice_is_one()
    {
        await using var host = await ToolHost.StartAsync(_qdrant);
        _qdrant.Send("PUT", "/collections/notes", """{"vectors": {"size": 8, "distance": "Cosine"}}""");
        _qdrant.Send("PUT", "/collections/notes/points?wait=true", """{"points": [{"id": 7, "vector": [1,0,0,0,0,0,0,0], "payload": {"text": "a", "project": "x"}}]}""");

        foreach (var metadata in (string[])["null", "{}", """{"n": 1.5, "m": {"x": null}}"""])
        {
            var id = await host.StoreAsync("the cat", metadata);
            var again = await host.DoAsync("qdrant-store", $$"""{"collection_name": "notes", "information": "the cat", "metadata": {{metadata}}}""");

            Assert.Equal(("False", id), (again["created"], again["id"]));
        }
        await host.DoAsync("qdrant-update", """{"collection_name": "notes", "id": 7, "metadata": {"project": null, "year": 2026}}""");

        Assert.Equal("""{"year":2026}""", (await host.FindAsync("a")).Results.Single(hit => hit.GetProperty("id").GetString() == "7").GetProperty("metadata").GetRawText());
    }

    [Fact]
    public async Task A_collection_of_the_Python_server_is_used_with_its_model_whichever_is_configured()
    {
        await using var host = await ToolHost.StartAsync(_qdrant);
        _qdrant.Send("PUT", "/collections/notes", """{"vectors": {"fast-all-minilm-l6-v2": {"size": 384, "distance": "Cosine"}}}""");

        await host.StoreAsync("The kettle whistles when the water boils.");
        await host.StoreAsync("Invoices are paid on Fridays.");
        var found = await host.FindAsync("What tells me that I can make tea?");

        Assert.Equal("The kettle whistles when the water boils.", found.Found[0]);
        Assert.Equal("dense", found["search"]);
    }

    [Fact]
    public async Task A_collection_that_cannot_be_used_is_listed_with_the_reason()
    {
        await using var host = await ToolHost.StartAsync(_qdrant);
        _qdrant.Send("PUT", "/collections/pictures", """{"vectors": {"size": 512, "distance": "Cosine"}}""");

        var listed = await host.DoAsync("qdrant-collections", "{}");
        var sentence = await host.RefusalAsync("qdrant-find", """{"collection_name": "pictures", "query": "cat"}""");

        var pictures = Assert.Single(listed.Structured.GetProperty("collections").EnumerateArray());
        Assert.False(pictures.TryGetProperty("search", out _));
        Assert.Equal(sentence, pictures.GetProperty("problem").GetString());
        Assert.Contains("holds vectors of size 512", sentence, StringComparison.Ordinal);
    }

    public void Dispose() => _qdrant.Dispose();
}
