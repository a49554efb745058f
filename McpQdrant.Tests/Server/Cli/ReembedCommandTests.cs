using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Server.Cli;
using McpQdrant.Tests.Embeddings.Remote;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>Every text of the tests is embedded by the provider as <see cref="ProviderStandIn.VectorOf"/>, and stored before with other vectors.</summary>
public sealed class ReembedCommandTests : IDisposable
{
    private const string Old = "fast-old-model";
    private const string New = "fast-some-model";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reembed_writes_all_memories_whole_into_another_collection_and_leaves_the_first()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Old, Texts(250));
        await workshop.SendAsync("PUT", "collections/notes/points?wait=true", """
            {"points":[{"id":"7bd8a1b5-6a7c-4a0e-9f0f-0d5a3c1d2e4f","vector":{},"payload":{"document":"by another","metadata":null,"owner":"ann","stored_at":"2026-01-02T03:04:05Z"}}]}
            """);
        var before = await workshop.ReadAsync("notes");

        var run = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");

        Assert.True(run.Code == 0, run.Error);
        Assert.StartsWith("All 251 memories of 'notes' are in 'renewed', embedded with some-model (251 written now).", run.Output, StringComparison.Ordinal);
        Assert.Contains("251 of 251 memories", run.Error, StringComparison.Ordinal);
        Assert.Equal(Raw(before), Raw(await workshop.ReadAsync("notes")));
        var renewed = await workshop.ReadAsync("renewed");
        Assert.Equal(before.Select(Payload), renewed.Select(Payload));
        Assert.All(renewed, point => Assert.NotEmpty(point.GetProperty("vector").GetProperty("bm25").GetProperty("indices").EnumerateArray()));
        Assert.Equal(before.Select(point => Direction(ProviderStandIn.VectorOf(Text(point)))), renewed.Select(point => Direction(Numbers(point, New))));
    }

    [Fact]
    public async Task Reembed_to_goes_on_where_an_interrupted_one_stopped_and_verifies_when_run_again()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Old, Texts(250));
        using var interrupt = new CancellationTokenSource();
        Interrupt(workshop, interrupt, "/collections/renewed/points", atCall: 2);

        var first = await workshop.RunAsync(ReembedCommand.Create(), ["notes", "--to", "renewed"], interrupt.Token);
        workshop.Before = null;
        var second = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");
        var third = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");

        Assert.Equal((1, ""), (first.Code, first.Output));
        Assert.Contains("run the same command again", first.Error, StringComparison.Ordinal);
        Assert.Contains("(150 written now)", second.Output, StringComparison.Ordinal);
        Assert.Contains("(all of them were before)", third.Output, StringComparison.Ordinal);
        Assert.Equal(250, (await workshop.ReadAsync("renewed")).Count);
    }

    [Fact]
    public async Task Reembed_to_copies_what_is_stored_and_changed_meanwhile()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Old, Texts(150));
        var writes = 0;
        workshop.Before = async context =>
        {
            if (context.Request is { Method: "PUT", Path.Value: "/collections/renewed/points" } && ++writes == 2)
                await workshop.WriteAsync("notes", Old, ["came late"], firstId: 1000);
            if (context.Request is { Method: "PUT", Path.Value: "/collections/renewed/points" } && writes == 2)
                await workshop.WriteAsync("notes", Old, ["changed late"], firstId: 2);
            return false;
        };

        var run = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");

        workshop.Before = null;
        Assert.True(run.Code == 0, run.Error);
        Assert.Equal((await workshop.ReadAsync("notes")).Select(Payload), (await workshop.ReadAsync("renewed")).Select(Payload));
    }

    [Fact]
    public async Task Reembed_to_leaves_what_was_changed_in_the_new_collection_since()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Old, ["tea", "milk"]);
        await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");
        await workshop.SendAsync("PUT", "collections/renewed/points?wait=true", """
            {"points":[{"id":1,"vector":{"fast-some-model":[1,2,3]},"payload":{"document":"green tea","metadata":{"number":1},"stored_at":"2030-01-01T00:00:00Z"}}]}
            """);

        var again = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");

        Assert.Contains("(all of them were before)", again.Output, StringComparison.Ordinal);
        Assert.Equal(["green tea", "milk"], (await workshop.ReadAsync("renewed")).Select(Text));
    }

    [Fact]
    public async Task Reembed_in_place_says_when_nothing_needs_doing()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", New, Texts(3));

        var run = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--in-place");

        Assert.Equal(0, run.Code);
        Assert.StartsWith("Nothing to do", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reembed_says_why_the_provider_failed_and_goes_on_later()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Old, Texts(3));
        workshop.Provider.Then(401, """{"error":{"message":"Incorrect API key"}}""");

        var first = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");
        var second = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");

        Assert.Equal((1, ""), (first.Code, first.Output));
        Assert.Contains("EMBEDDING_API_KEY", first.Error, StringComparison.Ordinal);
        Assert.Equal(0, second.Code);
    }

    [Fact]
    public async Task Reembed_keeps_memories_without_text_and_counts_them()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Old, ["tea", "", " "]);

        var copied = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");
        var inPlace = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--in-place");

        Assert.All((string[])[copied.Output, inPlace.Output], output => Assert.Contains("2 have no text and are not found by meaning.", output, StringComparison.Ordinal));
        Assert.Equal(3, (await workshop.ReadAsync("renewed")).Count);
    }

    [Fact]
    public async Task Reembed_in_place_adds_a_vector_beside_the_old_one_and_then_names_the_new_model()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Old, Texts(250));
        var before = await workshop.ReadAsync("notes");
        var notes = new List<string?>();
        workshop.Before = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/points/vectors", StringComparison.Ordinal))
                notes.Add((await NotesAsync(workshop)).GetRawText());
            return false;
        };

        var run = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--in-place");

        workshop.Before = null;
        Assert.True(run.Code == 0, run.Error);
        Assert.StartsWith("All 250 memories of 'notes' have a vector of some-model (250 filled now).", run.Output, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Repeat("""{"mcp-server-qdrant-filling":"fast-some-model"}""", 3), notes);
        Assert.Equal("some-model", (await NotesAsync(workshop)).GetProperty("mcp-server-qdrant").GetProperty("model").GetString());
        var after = await workshop.ReadAsync("notes");
        Assert.Equal(before.Select(point => (Payload(point), Direction(Numbers(point, Old)))), after.Select(point => (Payload(point), Direction(Numbers(point, Old)))));
        Assert.Equal(before.Select(point => Direction(ProviderStandIn.VectorOf(Text(point)))), after.Select(point => Direction(Numbers(point, New))));
        Assert.Equal(0, (await workshop.RunAsync(UpgradeCommand.Create(), "notes")).Code);
    }

    [Theory]
    [InlineData(Old)]
    [InlineData("text")]
    public async Task Reembed_in_place_goes_on_where_an_interrupted_one_stopped_and_nobody_searches_by_half_of_it(string old)
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", old, Texts(250));
        using var interrupt = new CancellationTokenSource();
        Interrupt(workshop, interrupt, "/collections/notes/points/vectors", atCall: 2);

        var first = await workshop.RunAsync(ReembedCommand.Create(), ["notes", "--in-place"], interrupt.Token);
        workshop.Before = null;
        var between = await workshop.RunAsync(UpgradeCommand.Create(), "notes");
        var second = await workshop.RunAsync(ReembedCommand.Create(), "notes", "--in-place");

        Assert.Equal((1, ""), (first.Code, first.Output));
        Assert.Contains("is being embedded with some-model, and not every memory has its vector yet", between.Error, StringComparison.Ordinal);
        Assert.Contains("(150 filled now)", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reembed_works_in_the_embedded_store_too_but_not_in_place()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.Settings["QDRANT_URL"] = null;
        workshop.Settings["QDRANT_LOCAL_PATH"] = _folder.Path;
        await workshop.RunAsync(ReembedCommand.Create(), "notes", "--to", "renewed");
        await using (var qdrantless = await StoreAsync("first", "the cat", "the dog"))
            workshop.Settings["EMBEDDING_MODEL"] = "new-model";

        var copied = await workshop.RunAsync(ReembedCommand.Create(), "first", "--to", "renewed");
        var inPlace = await workshop.RunAsync(ReembedCommand.Create(), "first", "--in-place");

        Assert.True(copied.Code == 0, copied.Error);
        Assert.StartsWith("All 2 memories of 'first' are in 'renewed', embedded with new-model (2 written now).", copied.Output, StringComparison.Ordinal);
        Assert.Equal("The embedded store keeps one vector a memory. Write another collection: reembed first --to another name.", inPlace.Error.Trim());
    }

    [Theory]
    [InlineData("There is no collection 'nowhere'.", "nowhere", "--to", "renewed")]
    [InlineData("There is no collection 'nowhere'.", "nowhere", "--in-place")]
    [InlineData("'notes' can't be written into itself.", "notes", "--to", "notes")]
    [InlineData("was written with the model that the vector 'fast-third-model' is named after", "notes", "--to", "third")]
    [InlineData("Say where the new vectors go", "notes")]
    [InlineData("Say where the new vectors go", "notes", "--to", "renewed", "--in-place")]
    public async Task Reembed_says_what_is_wrong(string sentence, params string[] arguments)
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", Old, Texts(1));
        await workshop.WriteAsync("third", "fast-third-model", Texts(1));

        var run = await workshop.RunAsync(ReembedCommand.Create(), arguments);

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    private async Task<Protocol.ServerProcess> StoreAsync(string collection, params string[] texts)
    {
        var server = Protocol.ServerProcess.Start([], new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path });
        await server.WriteAsync([Protocol.Messages.Initialize(), Protocol.Messages.Initialized, .. texts.Select((text, i) => Protocol.Messages.Store(i + 1, text, collection))]);
        server.CloseInput();
        await server.ReadToEndAsync();
        await server.WaitForExitAsync();
        return server;
    }

    private static void Interrupt(Workshop workshop, CancellationTokenSource interrupt, string path, int atCall)
    {
        var calls = 0;
        workshop.Before = context =>
        {
            if (context.Request.Method == "PUT" && context.Request.Path == path && ++calls == atCall)
                interrupt.Cancel();
            return Task.FromResult(interrupt.IsCancellationRequested);
        };
    }

    private static async Task<JsonElement> NotesAsync(Workshop workshop) =>
        (await workshop.SendAsync("GET", "collections/notes")).GetProperty("config").GetProperty("metadata");

    private static string[] Texts(int count) => [.. Enumerable.Range(1, count).Select(i => $"{(char)('a' + i % 26)} kettle number {i} whistles")];

    private static string Payload(JsonElement point)
    {
        var payload = point.GetProperty("payload");
        var fields = payload.EnumerateObject().Where(field => field.Name != CollectionLayout.RevisionField).OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{field.Name}={field.Value.GetRawText()}");
        return $"{point.GetProperty("id")} {string.Join(' ', fields)}";
    }

    private static IEnumerable<string> Raw(IEnumerable<JsonElement> points) => points.Select(point => point.GetRawText());

    private static string Text(JsonElement point) => point.GetProperty("payload").GetProperty("document").GetString()!;

    private static float[] Numbers(JsonElement point, string vector) =>
        [.. point.GetProperty("vector").GetProperty(vector).EnumerateArray().Select(number => number.GetSingle())];

    /// <summary>Qdrant keeps vectors that are compared by cosine at length one.</summary>
    private static string Direction(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(number => number * number));
        return string.Join(' ', vector.Select(number => (number / length).ToString("F4", System.Globalization.CultureInfo.InvariantCulture)));
    }
}
