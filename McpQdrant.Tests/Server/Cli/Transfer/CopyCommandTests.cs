using McpQdrant.Server.Cli.Memories;
using McpQdrant.Server.Cli.Transfer;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Server.Cli.Transfer;

/// <summary>Memories go from one store into another as they are.</summary>
public sealed class CopyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Copy_takes_all_collections_there_and_back()
    {
        await using var workshop = await Workshop.OpenAsync();
        var source = _folder.Write("source.jsonl", string.Concat(OddLines.Of(150).Select(line => $"{line}\n")));
        await OkAsync(workshop, ImportCommand.Create(), source, "-c", "notes");
        await OkAsync(workshop, StoreCommand.Create(), "green tea", "-c", "others");
        var before = await ExportAsync(workshop);
        var folder = _folder.File("data");

        await OkAsync(workshop, CopyCommand.Create(), "--to", folder);
        await workshop.SendAsync("DELETE", "collections/notes");
        await workshop.SendAsync("DELETE", "collections/others");
        var back = await OkAsync(workshop, CopyCommand.Create(), "--from", folder);
        var again = await OkAsync(workshop, CopyCommand.Create(), "--from", folder);

        Assert.Equal(before, await ExportAsync(workshop));
        Assert.Contains("151 memories read for 'notes', 'others': 151 stored.", back.Output, StringComparison.Ordinal);
        Assert.Contains("0 stored, 151 there already", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_keeps_the_vectors_of_the_same_model()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea", "milk", "water"]);

        await OkAsync(workshop, CopyCommand.Create(), "--to", _folder.File("data"));

        // One text is embedded to learn how long the model's vectors are.
        Assert.InRange(workshop.Provider.EmbeddingRequests.Sum(request => request.Texts.Count), 0, 1);
    }

    [Fact]
    public async Task Copy_reads_a_collection_of_another_shape()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.SendAsync("PUT", "collections/theirs", """{"vectors":{"size":3,"distance":"Cosine"} }""");
        await workshop.SendAsync("PUT", "collections/theirs/points?wait=true", """
            {"points":[{"id":7,"vector":[1,0,0],"payload":{"page_content":"tea from the mountains","metadata":{"source":"shop"}}}]}
            """);

        await OkAsync(workshop, CopyCommand.Create(), "theirs", "--to", _folder.File("data"));
        workshop.UseFolder(_folder.File("data"));

        Assert.Contains("""{"id":7,"text":"tea from the mountains","metadata":{"source":"shop"}}""", await ExportAsync(workshop), StringComparison.Ordinal);
    }

    /// <summary>The key of the settings is for the server of the settings.</summary>
    [Fact]
    public async Task Copy_sends_each_server_its_own_key()
    {
        await using var workshop = await Workshop.OpenAsync();
        await using var other = await Workshop.OpenAsync();
        workshop.Settings["QDRANT_API_KEY"] = "ours";
        var keys = (Ours: new HashSet<string>(), Theirs: new HashSet<string>());
        workshop.Before = context => Note(keys.Ours, context);
        other.Before = context => Note(keys.Theirs, context);
        await workshop.WriteAsync("notes", "fast-some-model", ["tea"]);
        keys.Ours.Clear();

        await OkAsync(workshop, CopyCommand.Create(), "--to", other.Qdrant.Url.AbsoluteUri);
        await OkAsync(workshop, CopyCommand.Create(), "--to", other.Qdrant.Url.AbsoluteUri, "--to-key-file", _folder.Write("key", "theirs\n"));

        Assert.Equal(["ours"], keys.Ours);
        Assert.Equal(["", "theirs"], keys.Theirs.Order(StringComparer.Ordinal));

        static Task<bool> Note(HashSet<string> keys, HttpContext context)
        {
            lock (keys)
                keys.Add(context.Request.Headers["api-key"].ToString());
            return Task.FromResult(false);
        }
    }

    [Theory]
    [InlineData("--from and --to are the same store", "--to", "DATA")]
    [InlineData("there is no folder", "--from", "/nowhere/at/all")]
    [InlineData("--to: ", "--to", "ftp://x")]
    public async Task Copy_of_what_can_not_be_gives_a_sentence(string sentence, string option, string store)
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        await OkAsync(workshop, StoreCommand.Create(), "tea", "-c", "notes");

        var run = await workshop.RunAsync(CopyCommand.Create(), option, store == "DATA" ? _folder.File("data") : store);

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    private static async Task<CommandRun> OkAsync(Workshop workshop, System.CommandLine.Command command, params string[] arguments)
    {
        var run = await workshop.RunAsync(command, arguments);
        Assert.True(run.Code == 0, run.Error);
        return run;
    }

    private static async Task<string> ExportAsync(Workshop workshop) =>
        string.Join('\n', (await OkAsync(workshop, ExportCommand.Create())).Output.Split('\n').Where(line => !line.StartsWith("{\"format\"", StringComparison.Ordinal)));
}
