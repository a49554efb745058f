using System.CommandLine;
using System.Text.Json;
using McpQdrant.Server.Cli.Memories;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>Memories are seen and mended without an agent.</summary>
public sealed class MemoryCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Store_says_the_id_by_which_get_brings_the_memory()
    {
        await using var workshop = await OpenAsync();

        var stored = await workshop.RunAsync(StoreCommand.Create(), "The key rotates on Mondays.", "-c", "notes", "-m", """{"project":"atlas"}""", "--json");
        var id = JsonElement.Parse(stored.Output).GetProperty("id").GetString()!;
        var got = await workshop.RunAsync(GetCommand.Create(), id, "-c", "notes", "--json");

        Assert.Equal((0, ""), (stored.Code, stored.Error));
        var memory = JsonElement.Parse(got.Output);
        Assert.Equal("The key rotates on Mondays.", memory.GetProperty("text").GetString());
        Assert.Equal("atlas", memory.GetProperty("metadata").GetProperty("project").GetString());
        Assert.True(memory.GetProperty("created").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(-5));
    }

    [Fact]
    public async Task Store_twice_says_that_the_memory_was_there()
    {
        await using var workshop = await OpenAsync();

        await StoreAsync(workshop, "tea");
        var again = await workshop.RunAsync(StoreCommand.Create(), "tea", "-c", "notes");

        Assert.Contains("was in 'notes' already", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_prints_a_memory_so_that_it_can_not_steer_the_terminal()
    {
        await using var workshop = await OpenAsync();
        var id = await StoreAsync(workshop, "a key \e]0;owned\a and more");

        var found = await workshop.RunAsync(FindCommand.Create(), "key", "-c", "notes");

        Assert.Equal(0, found.Code);
        Assert.StartsWith(id, found.Output, StringComparison.Ordinal);
        Assert.Contains("\n  a key ␛]0;owned␇ and more\n", found.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', found.Output);
    }

    [Theory]
    [InlineData("notes", "No memory in 'notes' matches.")]
    [InlineData("note", "There is no collection 'note'. The nearest: 'notes'.")]
    public async Task Find_ends_with_3_when_there_is_nothing(string collection, string sentence)
    {
        await using var workshop = await OpenAsync();
        await StoreAsync(workshop, "tea");

        var found = await workshop.RunAsync(FindCommand.Create(), "tea", "-c", collection, "--filter", """{"must":[{"key":"metadata.a","match":{"value":"b"}}]}""");

        Assert.Equal((3, "", sentence), (found.Code, found.Output, found.Error.Trim()));
    }

    [Fact]
    public async Task Recent_lists_what_was_stored_last_first_of_all_collections()
    {
        await using var workshop = await OpenAsync();
        var ids = new List<string>();
        foreach (var text in (string[])["one", "two", "three"])
            ids.Add(await StoreAsync(workshop, text));
        var updated = await workshop.RunAsync(UpdateCommand.Create(), ids[0], "uno", "-c", "notes", "-m", """{"kind":"number"}""", "--json");

        await workshop.RunAsync(StoreCommand.Create(), "four", "-c", "others");

        var recent = await workshop.RunAsync(Named("recent"), "-n", "2", "--json");
        var ofNotes = await workshop.RunAsync(Named("recent"), "-c", "notes", "--json");

        Assert.True(updated.Code == 0, updated.Error);
        Assert.Equal([("four", "others"), ("three", "notes")], Lines(recent.Output).Select(line => (line.GetProperty("text").GetString(), line.GetProperty("collection").GetString())));
        Assert.Equal(["three", "two", "uno"], Lines(ofNotes.Output).Select(line => line.GetProperty("text").GetString()));
        var changed = Lines(ofNotes.Output)[2];
        Assert.True(changed.GetProperty("updated").GetDateTimeOffset() > changed.GetProperty("created").GetDateTimeOffset());
    }

    [Fact]
    public async Task List_takes_a_filter_and_a_limit()
    {
        await using var workshop = await OpenAsync();
        foreach (var number in Enumerable.Range(0, 5))
            await workshop.RunAsync(StoreCommand.Create(), $"memory {number}", "-c", "notes", "-m", $$"""{"even":{{(number % 2 == 0 ? "true" : "false")}}}""");

        var listed = await workshop.RunAsync(Named("list"), "-c", "notes", "--json", "-n", "2", "--filter", """{"must":[{"key":"metadata.even","match":{"value":true}}]}""");
        var wrong = await workshop.RunAsync(Named("list"), "-c", "notes", "--filter", """{"must":[{"key":"metadata.even"}]}""");

        Assert.Equal([true, true], Lines(listed.Output).Select(line => line.GetProperty("metadata").GetProperty("even").GetBoolean()));
        Assert.Equal(1, wrong.Code);
        Assert.StartsWith("--filter is no valid filter: ", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forget_deletes_ids_at_once_and_what_a_filter_finds_only_when_it_is_confirmed()
    {
        await using var workshop = await OpenAsync();
        var tea = await StoreAsync(workshop, "tea");
        await workshop.RunAsync(StoreCommand.Create(), "milk", "-c", "notes", "-m", """{"kind":"drink"}""");
        string[] byFilter = ["-c", "notes", "--filter", """{"must":[{"key":"metadata.kind","match":{"value":"drink"}}]}"""];

        var byId = await workshop.RunAsync(ForgetCommand.Create(), tea, "-c", "notes");
        var again = await workshop.RunAsync(ForgetCommand.Create(), tea, "-c", "notes");
        var confirmed = await workshop.RunAsync(ForgetCommand.Create(), [.. byFilter, "--yes"]);
        var both = await workshop.RunAsync(ForgetCommand.Create(), [tea, .. byFilter]);

        Assert.Matches("^Forgot 1 memory of 'notes'. This is change [0-9a-f-]{36}.$", byId.Output.Trim());
        Assert.Equal((3, "There is no such memory in 'notes', so nothing was deleted."), (again.Code, again.Error.Trim()));
        Assert.StartsWith("Forgot 1 memory of 'notes'.", confirmed.Output, StringComparison.Ordinal);
        Assert.Contains("Say what to forget", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_tells_what_was_there_before_and_undo_brings_it_back()
    {
        await using var workshop = await OpenAsync();
        var id = await StoreAsync(workshop, "tea");
        await workshop.RunAsync(UpdateCommand.Create(), id, "milk", "-c", "notes");
        await workshop.RunAsync(ForgetCommand.Create(), id, "-c", "notes");

        var log = await workshop.RunAsync(LogCommand.Create());
        var lines = Lines((await workshop.RunAsync(LogCommand.Create(), "--json", "--memory", id, "--by", "local", "--since", "1h", "-c", "notes")).Output);
        var undone = await workshop.RunAsync(UndoCommand.Create(), lines[0].GetProperty("change").GetString()!, "--yes");
        var got = await workshop.RunAsync(GetCommand.Create(), id, "-c", "notes", "--json");

        Assert.Matches($"^[0-9a-f-]{{36}}  [0-9-]+ [0-9:]+  local  qdrant-forget  notes\n  {id}  deleted: milk\n[0-9a-f-]{{36}}  .*  qdrant-update  notes\n  {id}  was: tea\n$", log.Output.ReplaceLineEndings("\n"));
        Assert.Equal([("milk", true), ("tea", false)], lines.Select(line => (line.GetProperty("before").GetProperty("text").GetString(), line.GetProperty("deleted").GetBoolean())));
        Assert.Matches("^1 memory of 'notes' is as before. This is change [0-9a-f-]{36}.$", undone.Output.Trim());
        Assert.Equal("milk", JsonElement.Parse(got.Output).GetProperty("text").GetString());
    }

    [Fact]
    public async Task Undo_of_a_caller_since_a_time_brings_back_all_that_it_did_in_one_step()
    {
        await using var workshop = await OpenAsync();
        var (changed, deleted) = (await StoreAsync(workshop, "tea"), await StoreAsync(workshop, "bread"));
        foreach (var text in (string[])["milk", "rum"])
            await workshop.RunAsync(UpdateCommand.Create(), changed, text, "-c", "notes");
        await workshop.RunAsync(ForgetCommand.Create(), deleted, "-c", "notes");
        string[] all = ["--since", "10m", "--by", "local"];

        var ofOthers = await workshop.RunAsync(UndoCommand.Create(), "--since", "10m", "--by", "other", "--yes");
        var refused = await workshop.RunAsync(UndoCommand.Create(), all);
        var tried = await workshop.RunAsync(UndoCommand.Create(), [.. all, "--dry-run"]);
        var undone = Lines((await workshop.RunAsync(UndoCommand.Create(), [.. all, "--yes", "--json"])).Output)[0];
        var listed = await workshop.RunAsync(Named("list"), "-c", "notes", "--json");
        var undoneAgain = await workshop.RunAsync(UndoCommand.Create(), undone.GetProperty("changes")[0].GetString()!, "--yes");
        var listedAgain = await workshop.RunAsync(Named("list"), "-c", "notes", "--json");

        Assert.Equal((3, "The log has no such change, so nothing was undone."), (ofOthers.Code, ofOthers.Error.Trim()));
        Assert.Equal(1, refused.Code);
        Assert.Contains($"  notes  {changed}  becomes: tea", refused.Error, StringComparison.Ordinal);
        Assert.EndsWith("This would undo 3 changes of 2 memories, and nothing was changed. Give --yes to undo it.", refused.Error.Trim(), StringComparison.Ordinal);
        Assert.Equal((0, "2 memories of 'notes' would be as before."), (tried.Code, tried.Output.Trim()));
        Assert.Equal(2, undone.GetProperty("undone").GetInt32());
        Assert.Equal(["bread", "tea"], Lines(listed.Output).Select(line => line.GetProperty("text").GetString()).Order());
        Assert.Equal(0, undoneAgain.Code);
        Assert.Equal(["rum"], Lines(listedAgain.Output).Select(line => line.GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("Say what to undo: ids of changes, or --since, --by or --memory.")]
    [InlineData("'tea' is no id of a change.", "tea")]
    [InlineData("There is no such change in the log: 00000000-0000-7000-8000-000000000000.", "00000000-0000-7000-8000-000000000000", "--yes")]
    [InlineData("'since' is 'yesterday', which is no time.", "--since", "yesterday")]
    public async Task Undo_says_what_is_wrong(string sentence, params string[] arguments)
    {
        await using var workshop = await OpenAsync();

        var run = await workshop.RunAsync(UndoCommand.Create(), arguments);

        Assert.Equal(1, run.Code);
        Assert.StartsWith(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collections_is_a_table_for_people_and_lines_for_programs()
    {
        await using var workshop = await OpenAsync();
        await StoreAsync(workshop, "tea");

        var table = await workshop.RunAsync(Named("collections"));
        var lines = await workshop.RunAsync(Named("collections"), "--json");

        Assert.Equal(["COLLECTION  MEMORIES  SEARCH          MODEL", "notes       1         meaning, words  some-model", ""], table.Output.ReplaceLineEndings("\n").Split('\n'));
        Assert.Equal("""{"collection":"notes","memories":1,"search":"meaning, words","model":"some-model"}""", lines.Output.Trim());
    }

    [Theory]
    [InlineData("Name a collection with --collection, or set COLLECTION_NAME.")]
    [InlineData("--metadata takes a JSON object, in curly brackets.", "-c", "notes", "-m", "[1]")]
    [InlineData("--metadata is no JSON: ", "-c", "notes", "-m", "{project: atlas}")]
    public async Task Store_says_what_is_wrong_with_its_options(string sentence, params string[] options)
    {
        await using var workshop = await OpenAsync();

        var run = await workshop.RunAsync(StoreCommand.Create(), ["tea", .. options]);

        Assert.Equal(1, run.Code);
        Assert.StartsWith(sentence, run.Error, StringComparison.Ordinal);
    }

    private static Command Named(string name) => ListCommands.Create().Single(command => command.Name == name);

    private static IReadOnlyList<JsonElement> Lines(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    private static async Task<string> StoreAsync(Workshop workshop, string text)
    {
        var run = await workshop.RunAsync(StoreCommand.Create(), text, "-c", "notes", "--json");
        Assert.True(run.Code == 0, run.Error);
        return JsonElement.Parse(run.Output).GetProperty("id").GetString()!;
    }

    private async Task<Workshop> OpenAsync()
    {
        var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        return workshop;
    }
}
