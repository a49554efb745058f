using System.IO.Compression;
using System.Text;
using System.Text.Json;
using McpQdrant.Server.Cli.Memories;
using McpQdrant.Server.Cli.Transfer;

namespace McpQdrant.Tests.Server.Cli.Transfer;

/// <summary>What goes out comes in again, into any store.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Export_of_what_was_imported_into_another_store_is_the_same_file_but_for_the_header()
    {
        await using var workshop = await Workshop.OpenAsync();
        var lines = OddLines.Of(300);
        var source = _folder.Write("source.jsonl", string.Concat(lines.Select(line => $"{line}\n")));

        workshop.UseFolder(_folder.File("data"));
        var imported = await workshop.RunAsync(ImportCommand.Create(), source, "-c", "notes");
        await ExportAsync(workshop, "first.jsonl");
        workshop.UseFolder(null);
        await ImportAsync(workshop, "first.jsonl");
        await ExportAsync(workshop, "second.jsonl.gz");
        workshop.UseFolder(_folder.File("other-data"));
        await ImportAsync(workshop, "second.jsonl.gz");
        await ExportAsync(workshop, "third.jsonl.zst");
        workshop.UseFolder(_folder.File("last-data"));
        await ImportAsync(workshop, "third.jsonl.zst");
        await ExportAsync(workshop, "fourth.jsonl");

        Assert.True(imported.Code == 0, imported.Error);
        Assert.Equal(300, Memories("first.jsonl").Count);
        Assert.Equal(Memories("first.jsonl"), Memories("second.jsonl.gz"));
        Assert.Equal(Memories("first.jsonl"), Memories("fourth.jsonl"));
    }

    [Fact]
    public async Task Import_that_was_stopped_again_and_again_is_finished_by_another_one()
    {
        await using var workshop = await Workshop.OpenAsync();
        var source = _folder.Write("source.jsonl", string.Concat(OddLines.Of(400).Select(line => $"{line}\n")));
        var sent = 0;
        var random = new Random(7);

        for (var round = 0; round < 5; round++)
        {
            using var stop = new CancellationTokenSource();
            var at = sent + random.Next(1, 6);
            workshop.Before = context =>
            {
                if (context.Request.Path.Value!.EndsWith("/points", StringComparison.Ordinal) && ++sent >= at)
                    stop.Cancel();
                return Task.FromResult(false);
            };
            await workshop.RunAsync(ImportCommand.Create(), [source, "-c", "notes"], stop.Token);
        }
        workshop.Before = null;
        var last = await workshop.RunAsync(ImportCommand.Create(), source, "-c", "notes");
        var again = await workshop.RunAsync(ImportCommand.Create(), source, "-c", "notes");
        await ExportAsync(workshop, "stopped.jsonl");
        workshop.UseFolder(_folder.File("data"));
        await workshop.RunAsync(ImportCommand.Create(), source, "-c", "notes");
        await ExportAsync(workshop, "whole.jsonl");

        Assert.True(last.Code == 0, last.Error);
        Assert.Contains("0 stored, 400 there already", again.Output, StringComparison.Ordinal);
        Assert.Equal(Memories("whole.jsonl"), Memories("stopped.jsonl"));
    }

    [Fact]
    public async Task Import_keeps_what_other_programs_keep_with_a_memory()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea"]);
        await workshop.SendAsync("PUT", "collections/notes/points?wait=true", """
            {"points":[{"id":"7bd8a1b5-6a7c-4a0e-9f0f-0d5a3c1d2e4f","vector":{},"payload":{"document":"by another","metadata":null,"owner":"ann","stored_at":"2026-01-02T03:04:05Z"}}]}
            """);

        await ExportAsync(workshop, "notes.jsonl");
        workshop.UseFolder(_folder.File("data"));
        await ImportAsync(workshop, "notes.jsonl");
        await ExportAsync(workshop, "again.jsonl");

        Assert.Equal("""{"id":"7bd8a1b5-6a7c-4a0e-9f0f-0d5a3c1d2e4f","text":"by another","created":"2026-01-02T03:04:05Z","others":{"owner":"ann"}}""", Memories("notes.jsonl")[1]);
        Assert.Equal(Memories("notes.jsonl"), Memories("again.jsonl"));
    }

    [Fact]
    public async Task Import_leaves_out_what_has_expired_and_says_how_many()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        var file = _folder.File("notes.jsonl");
        await File.WriteAllTextAsync(file, """
            {"text":"over","expires":"2026-01-01T00:00:00Z"}
            {"text":"to come","expires":"2099-01-01T00:00:00Z","by":"ann","revision":4}
            """, TestContext.Current.CancellationToken);

        var dry = await workshop.RunAsync(ImportCommand.Create(), file, "-c", "notes", "--dry-run", "--json");
        var run = await workshop.RunAsync(ImportCommand.Create(), file, "-c", "notes", "--strict");
        await ExportAsync(workshop, "again.jsonl");

        Assert.Equal("2 memories read for 'notes': 1 stored, 1 left out since they have expired.\n", run.Output);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("\"expired\":1", dry.Output, StringComparison.Ordinal);
        Assert.EndsWith(""","text":"to come","expires":"2099-01-01T00:00:00Z","by":"ann","revision":4}""", Assert.Single(Memories("again.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_takes_the_vectors_of_the_same_model_and_embeds_nothing()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea", "milk"]);
        var exported = await workshop.RunAsync(ExportCommand.Create(), "notes", "--vectors", "-o", _folder.File("notes.jsonl"));
        workshop.UseFolder(_folder.File("data"));
        await workshop.RunAsync(StoreCommand.Create(), "water", "-c", "notes");
        var before = workshop.Provider.EmbeddingRequests.Sum(request => request.Texts.Count);

        await ImportAsync(workshop, "notes.jsonl");

        Assert.True(exported.Code == 0, exported.Error);
        // One text is embedded to learn how long the model's vectors are.
        Assert.True(workshop.Provider.EmbeddingRequests.Sum(request => request.Texts.Count) - before <= 1);
        var found = await workshop.RunAsync(FindCommand.Create(), "milk", "-c", "notes", "--json", "-n", "1");
        Assert.Contains("milk", found.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keep", "old", "1 kept as they are there")]
    [InlineData("replace", "new", "1 replaced")]
    [InlineData("newer", "new", "1 replaced")]
    public async Task Import_does_with_an_id_that_is_taken_what_it_is_told(string onConflict, string text, string report)
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        await ImportLinesAsync(workshop, """{"id":7,"text":"old","created":"2026-01-01T00:00:00Z"}""");

        var run = await ImportLinesAsync(workshop, """{"id":7,"text":"new","created":"2026-01-01T00:00:00Z","updated":"2026-02-01T00:00:00Z"}""", "--on-conflict", onConflict);
        await ExportAsync(workshop, "notes.jsonl");

        Assert.Contains(report, run.Output, StringComparison.Ordinal);
        Assert.Equal(text, JsonElement.Parse(Assert.Single(Memories("notes.jsonl"))).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Import_newer_leaves_what_was_changed_later()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        await ImportLinesAsync(workshop, """{"id":7,"text":"new","created":"2026-02-01T00:00:00Z"}""");

        var run = await ImportLinesAsync(workshop, """{"id":7,"text":"old","created":"2026-01-01T00:00:00Z"}""", "--on-conflict", "newer");

        Assert.Contains("0 stored, 1 kept", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_of_an_id_twice_stores_the_last_one_if_it_may_replace()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));

        var run = await ImportLinesAsync(workshop, string.Join('\n', Enumerable.Range(0, 5).Select(number => $$"""{"id":7,"text":"number {{number}}"}""")), "--on-conflict", "replace");
        await ExportAsync(workshop, "notes.jsonl");

        Assert.Contains("1 stored, 4 replaced", run.Output, StringComparison.Ordinal);
        Assert.Equal("""{"id":7,"text":"number 4"}""", Assert.Single(Memories("notes.jsonl")));
    }

    [Fact]
    public async Task Import_skips_what_can_not_be_stored_and_says_why()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        var deep = new StringBuilder().Append('[', 200).Append(']', 200);
        var source = _folder.File("bad.jsonl");
        await File.WriteAllBytesAsync(source,
        [
            .. Encoding.UTF8.GetBytes($$$"""
                {"text":"good"}
                {"id":"x","text":"bad id"}

                {"text":"deep","metadata":{"a":{{{deep}}} }}
                {"text":"\ud800"}
                ["no object"]
                {"metadata":{}}
                {"text":"t","created":"yesterday"}
                {"text":"t","metadata":3}
                {"text":"{{{new string('x', 1024 * 1024 + 1)}}}"}

                """.ReplaceLineEndings("\n")),
            .. "{\"text\":\""u8, 0xFF,
            .. "\"}\n{\"text\":\"also good\"}\n{\"text\":\"cut"u8,
        ], TestContext.Current.CancellationToken);

        var tried = await workshop.RunAsync(ImportCommand.Create(), source, "-c", "notes", "--strict");
        var none = await workshop.RunAsync(Named("collections"));
        var run = await workshop.RunAsync(ImportCommand.Create(), source, "-c", "notes");

        Assert.Equal(1, tried.Code);
        Assert.Contains("Nothing was stored, since --strict was given.", tried.Error, StringComparison.Ordinal);
        Assert.Contains("no collections yet", none.Error, StringComparison.Ordinal);
        Assert.Equal(4, run.Code);
        Assert.Equal("12 memories read for 'notes': 2 stored, 10 skipped.", run.Output.Trim());
        var reasons = run.Error.ReplaceLineEndings("\n");
        Assert.Contains("Skipped line 2: its 'id' is neither a UUID nor a whole number\n", reasons, StringComparison.Ordinal);
        Assert.Contains("Skipped line 4: ", reasons, StringComparison.Ordinal);
        Assert.Contains("Skipped line 5: the line holds bytes that are not UTF-8, or half of a character", reasons, StringComparison.Ordinal);
        Assert.Contains("Skipped line 6: the line is no JSON object\n", reasons, StringComparison.Ordinal);
        Assert.Contains("Skipped line 7: the line has no field 'text'\n", reasons, StringComparison.Ordinal);
        Assert.Contains("Skipped line 8: its 'created' is no time", reasons, StringComparison.Ordinal);
        Assert.Contains("Skipped line 9: its 'metadata' is not an object\n", reasons, StringComparison.Ordinal);
        Assert.Contains("Skipped line 10: The text has 1,048,577 bytes", reasons, StringComparison.Ordinal);
        Assert.Contains("Skipped line 11: the line holds bytes that are not UTF-8", reasons, StringComparison.Ordinal);
        Assert.Contains("Skipped line 13: the line is not JSON, or was cut off", reasons, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".jsonl.gz")]
    [InlineData(".jsonl.zst")]
    public async Task Import_says_that_a_file_was_cut_off(string extension)
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", [.. Enumerable.Range(0, 200).Select(number => $"memory {number} {Guid.NewGuid()}")]);
        await ExportAsync(workshop, "notes.jsonl");
        await ExportAsync(workshop, $"notes{extension}");
        var whole = File.ReadAllLines(_folder.File("notes.jsonl"));
        File.WriteAllLines(_folder.File("short.jsonl"), whole.Take(101));
        var bytes = File.ReadAllBytes(_folder.File($"notes{extension}"));
        File.WriteAllBytes(_folder.File($"short{extension}"), bytes[..(bytes.Length / 2)]);

        var byLines = await workshop.RunAsync(ImportCommand.Create(), _folder.File("short.jsonl"), "-c", "other");
        var compressed = await workshop.RunAsync(ImportCommand.Create(), _folder.File($"short{extension}"), "-c", "another");

        Assert.Contains("The file was to hold 100 memories more", byLines.Error, StringComparison.Ordinal);
        Assert.Equal(1, compressed.Code);
        Assert.Contains("is damaged or was cut off after line", compressed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_dry_stores_nothing_and_says_what_it_would_do()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        await ImportLinesAsync(workshop, """{"id":1,"text":"there"}""");

        var run = await ImportLinesAsync(workshop, """
            {"id":1,"text":"there"}
            {"id":2,"text":"new"}
            """, "--dry-run");
        await ExportAsync(workshop, "notes.jsonl");

        Assert.Equal("2 memories read for 'notes': 1 would be stored, 1 there already.", run.Output.Trim());
        Assert.Single(Memories("notes.jsonl"));
    }

    [Fact]
    public async Task Import_puts_a_prefix_before_the_fields_of_the_metadata()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));

        await ImportLinesAsync(workshop, """{"id":1,"text":"tea","metadata":{"kind":"drink"}}""", "--prefix-metadata", "old_");
        await ExportAsync(workshop, "notes.jsonl");

        Assert.Equal("""{"id":1,"text":"tea","metadata":{"old_kind":"drink"}}""", Assert.Single(Memories("notes.jsonl")));
    }

    [Theory]
    [InlineData("""{"format":"mcp-server-qdrant memories","version":2,"collection":"notes"}""", "The file has format 2 of its kind")]
    [InlineData("""{"format":"mcp-server-qdrant memories","version":1}""", "The header of the file (line 1) names no collection")]
    [InlineData("""{"text":"tea"}""", "The file doesn't say which collection it belongs to. Name one with --collection.")]
    public async Task Import_refuses_a_file_whose_lines_have_no_place(string line, string sentence)
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));

        var run = await workshop.RunAsync(ImportCommand.Create(), _folder.Write("file.jsonl", line));

        Assert.Equal(1, run.Code);
        Assert.StartsWith(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_of_all_collections_is_imported_into_the_same_collections()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea", "milk"]);
        await workshop.WriteAsync("tasks", "fast-some-model", ["buy bread"]);

        var exported = await workshop.RunAsync(ExportCommand.Create(), "-o", _folder.File("all.jsonl"));
        workshop.UseFolder(_folder.File("data"));
        await ImportAsync(workshop, "all.jsonl");
        var collections = await workshop.RunAsync(Named("collections"), "--json");

        Assert.Contains("Exported 3 memories of 'notes', 'tasks'", exported.Error, StringComparison.Ordinal);
        Assert.Equal(["notes 2", "tasks 1"], collections.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Select(line => $"{line.GetProperty("collection")} {line.GetProperty("memories")}"));
    }

    [Fact]
    public async Task Export_takes_a_filter_and_a_time()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        await ImportLinesAsync(workshop, """
            {"id":1,"text":"old","metadata":{"a":1},"created":"2026-01-01T00:00:00Z"}
            {"id":2,"text":"new","metadata":{"a":1},"created":"2026-03-01T00:00:00Z"}
            {"id":3,"text":"other","metadata":{"a":2},"created":"2026-03-01T00:00:00Z"}
            """);

        var run = await workshop.RunAsync(ExportCommand.Create(), "notes", "--since", "2026-02-01", "--filter", """{"must":[{"key":"metadata.a","match":{"value":1}}]}""");

        Assert.Equal(2, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"text\":\"new\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_leaves_no_half_of_a_file()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea"]);
        _folder.Write("notes.jsonl", "as it was");

        var run = await workshop.RunAsync(ExportCommand.Create(), "notes", "nowhere", "-o", _folder.File("notes.jsonl"));

        Assert.Equal(1, run.Code);
        Assert.Equal("as it was", File.ReadAllText(_folder.File("notes.jsonl")));
        Assert.Equal(["notes.jsonl"], Directory.GetFiles(_folder.Path, "notes*").Select(Path.GetFileName));
    }

    private static System.CommandLine.Command Named(string name) => ListCommands.Create().Single(command => command.Name == name);

    private async Task<CommandRun> ImportLinesAsync(Workshop workshop, string lines, params string[] options)
    {
        var run = await workshop.RunAsync(ImportCommand.Create(), [_folder.Write("lines.jsonl", lines), "-c", "notes", .. options]);
        Assert.True(run.Code == 0, run.Error);
        return run;
    }

    private async Task ImportAsync(Workshop workshop, string name)
    {
        var run = await workshop.RunAsync(ImportCommand.Create(), _folder.File(name));
        Assert.True(run.Code == 0, run.Error);
    }

    private async Task ExportAsync(Workshop workshop, string name)
    {
        var run = await workshop.RunAsync(ExportCommand.Create(), "notes", "-o", _folder.File(name));
        Assert.True(run.Code == 0, run.Error);
    }

    /// <summary>The lines after the header.</summary>
    private IReadOnlyList<string> Memories(string name)
    {
        using var file = File.OpenRead(_folder.File(name));
        using var reader = new StreamReader(name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }
}
