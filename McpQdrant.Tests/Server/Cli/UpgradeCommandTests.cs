using System.Text.Json;
using McpQdrant.Server.Cli;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Server.Cli;

public sealed class UpgradeCommandTests
{
    private const string Vector = "fast-some-model";

    [Fact]
    public async Task Upgrade_fills_the_words_of_every_memory_and_changes_nothing_else()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Vector, Texts(250));
        var before = await workshop.ReadAsync("notes");

        var run = await workshop.RunAsync(UpgradeCommand.Create(), "notes");

        Assert.True(run.Code == 0, run.Error);
        Assert.StartsWith("All 250 memories of 'notes' can be searched by words (250 filled now).", run.Output, StringComparison.Ordinal);
        Assert.Contains("250 of 250 memories", run.Error, StringComparison.Ordinal);
        var after = await workshop.ReadAsync("notes");
        Assert.All(after, point => Assert.NotEmpty(point.GetProperty("vector").GetProperty("bm25").GetProperty("indices").EnumerateArray()));
        Assert.Equal(before.Select(WithoutWords), after.Select(WithoutWords));
    }

    [Fact]
    public async Task Upgrade_notes_how_words_are_counted_before_it_adds_the_vector()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Vector, Texts(2));
        var requests = new List<string>();
        workshop.Before = context =>
        {
            requests.Add($"{context.Request.Method} {context.Request.Path}");
            return Task.FromResult(false);
        };

        await workshop.RunAsync(UpgradeCommand.Create(), "notes");

        workshop.Before = null;
        var writes = requests.Where(request => !request.StartsWith("GET", StringComparison.Ordinal) && !request.EndsWith("scroll", StringComparison.Ordinal) && !request.EndsWith("count", StringComparison.Ordinal));
        Assert.Equal(["PATCH /collections/notes", "PUT /collections/notes/vectors/bm25", "PUT /collections/notes/points/vectors", "PUT /collections/notes/vectors/fast-some-model-passages"], writes);
        var notes = (await workshop.SendAsync("GET", "collections/notes")).GetProperty("config").GetProperty("metadata").GetProperty("mcp-server-qdrant");
        Assert.Equal("""{"provider":"openai","model":"some-model","dimensions":3,"bm25":{"avg_len":100,"language":"english","pairs":true}}""", notes.GetRawText());
    }

    [Fact]
    public async Task Upgrade_indexes_words_of_older_memories_by_pairs_of_characters()
    {
        const string Old = """{"provider":"openai","model":"some-model","dimensions":3,"bm25":{"avg_len":100,"language":"english"}}""";
        await using var workshop = await Workshop.OpenAsync();
        await workshop.SendAsync("PUT", "collections/notes", $$$"""
            {"vectors":{"{{{Vector}}}":{"size":3,"distance":"Cosine"}},"sparse_vectors":{"bm25":{"modifier":"idf"}},"metadata":{"mcp-server-qdrant":{{{Old}}}}}
            """);
        await workshop.SendAsync("PUT", "collections/notes/points?wait=true", $$$"""
            {"points":[{"id":1,"vector":{"{{{Vector}}}":[1,0,0],"bm25":{"text":"用户服务器部署在腾讯云","model":"qdrant/bm25"}},"payload":{"document":"用户服务器部署在腾讯云"}},
                       {"id":2,"vector":{"{{{Vector}}}":[1,0,0],"bm25":{"text":"a kettle","model":"qdrant/bm25"}},"payload":{"document":"a kettle"}}]}
            """);
        var before = await workshop.ReadAsync("notes");

        var run = await workshop.RunAsync(UpgradeCommand.Create(), "notes");

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("The words of 1 memory in Chinese, Japanese, Korean, Thai and the like were indexed anew", run.Output, StringComparison.Ordinal);
        var after = await workshop.ReadAsync("notes");
        Assert.Equal([10, 1], after.Select(point => point.GetProperty("vector").GetProperty("bm25").GetProperty("indices").GetArrayLength()));
        Assert.Equal(before.Select(WithoutWords), after.Select(WithoutWords));
        var notes = (await workshop.SendAsync("GET", "collections/notes")).GetProperty("config").GetProperty("metadata").GetProperty("mcp-server-qdrant");
        Assert.True(notes.GetProperty("bm25").GetProperty("pairs").GetBoolean());
        Assert.DoesNotContain("anew", (await workshop.RunAsync(UpgradeCommand.Create(), "notes")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upgrade_goes_on_where_an_interrupted_one_stopped()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Vector, Texts(250));
        using var interrupt = new CancellationTokenSource();
        var fills = 0;
        workshop.Before = context =>
        {
            if (context.Request.Path.Value!.EndsWith("/points/vectors", StringComparison.Ordinal) && ++fills == 2)
                interrupt.Cancel();
            return Task.FromResult(interrupt.IsCancellationRequested);
        };

        var first = await workshop.RunAsync(UpgradeCommand.Create(), ["notes"], interrupt.Token);
        workshop.Before = null;
        var second = await workshop.RunAsync(UpgradeCommand.Create(), "notes");

        Assert.Equal((1, ""), (first.Code, first.Output));
        Assert.Contains("run the same command again", first.Error, StringComparison.Ordinal);
        Assert.Equal(0, second.Code);
        Assert.StartsWith("All 250 memories of 'notes' can be searched by words (150 filled now).", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upgrade_does_nothing_when_all_is_done()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Vector, Texts(2));
        await workshop.RunAsync(UpgradeCommand.Create(), "notes");

        var run = await workshop.RunAsync(UpgradeCommand.Create(), "notes");

        Assert.Equal(0, run.Code);
        Assert.Contains("(all of them could before)", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.17.2")]
    [InlineData(null)]
    public async Task Upgrade_tells_an_older_server_from_others_and_leaves_the_memories_alone(string? version)
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Vector, Texts(2));
        var before = await workshop.ReadAsync("notes");
        workshop.Before = async context =>
        {
            if (context.Request.Path == "/")
                await context.Response.WriteAsJsonAsync(new Dictionary<string, string?> { ["title"] = "qdrant", ["version"] = version });
            else if (context.Request.Path.Value!.Contains("/vectors/", StringComparison.Ordinal))
                context.Response.StatusCode = 404;
            else
                return false;
            return true;
        };

        var run = await workshop.RunAsync(UpgradeCommand.Create(), "notes");

        workshop.Before = null;
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("can't add a vector to a collection that is there; versions from 1.18 on can.", run.Error, StringComparison.Ordinal);
        Assert.Equal(before.Select(point => point.GetRawText()), (await workshop.ReadAsync("notes")).Select(point => point.GetRawText()));
    }

    [Fact]
    public async Task Upgrade_refuses_a_collection_of_another_model()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-other-model", Texts(2));

        var run = await workshop.RunAsync(UpgradeCommand.Create(), "notes");

        Assert.Equal(1, run.Code);
        Assert.Contains("named after", run.Error, StringComparison.Ordinal);
        Assert.False((await workshop.SendAsync("GET", "collections/notes")).GetProperty("config").TryGetProperty("metadata", out _));
    }

    [Fact]
    public async Task Upgrade_says_when_there_is_no_such_collection()
    {
        await using var workshop = await Workshop.OpenAsync();

        var run = await workshop.RunAsync(UpgradeCommand.Create(), "nowhere");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith("There is no collection 'nowhere'.", run.Error, StringComparison.Ordinal);
    }

    private static string[] Texts(int count) => [.. Enumerable.Range(1, count).Select(i => $"The kettle number {i} whistles")];

    private static string WithoutWords(JsonElement point) =>
        $"{point.GetProperty("id")} {point.GetProperty("payload").GetRawText()} {point.GetProperty("vector").GetProperty(Vector).GetRawText()}";
}
