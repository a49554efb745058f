using System.Text.Json;
using McpQdrant.Server.Cli;
using McpQdrant.Server.Cli.Memories;
using McpQdrant.Server.Cli.Watch;

namespace McpQdrant.Tests.Server.Cli.Transfer;

/// <summary>A folder of notes and its collection, look after look.</summary>
public sealed class WatchCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Workshop _workshop = null!;

    private string Notes => _folder.File("notes");

    public async ValueTask InitializeAsync()
    {
        _workshop = await Workshop.OpenAsync();
        Write("kiln.md", "# Kiln\n\nIt is lit on Fridays.\n");
        Write("sub/mill.txt", "It grinds at dawn.\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _workshop.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Collection_has_what_the_folder_holds_under_ids_that_stay(bool isQdrant)
    {
        UseStore(isQdrant);
        Assert.Equal(["stored kiln.md", "stored sub/mill.txt"], await LookAsync());
        Assert.Empty(await LookAsync());
        var first = await ReadAsync();

        Write("kiln.md", "# Kiln\n\nIt is lit on Mondays.\n");
        File.Move(Path.Combine(Notes, "sub/mill.txt"), Path.Combine(Notes, "windmill.txt"));
        Write("well.md", "It is behind the mill.");
        Assert.Equal(["stored well.md", "replaced kiln.md", "moved sub/mill.txt to windmill.txt"], await LookAsync());

        var second = await ReadAsync();
        Assert.Equal(3, second.Count);
        Assert.Equal("# Kiln\n\nIt is lit on Mondays.", second[first.Single(memory => memory.Value.Contains("Kiln", StringComparison.Ordinal)).Key]);
        Assert.Equal("# windmill\n\nIt grinds at dawn.", second[first.Single(memory => memory.Value.Contains("mill", StringComparison.Ordinal)).Key]);

        File.Delete(Path.Combine(Notes, "kiln.md"));
        Assert.Equal(["forgot kiln.md"], await LookAsync());
        Assert.Equal(2, (await ReadAsync()).Count);
        Assert.Empty(await LookAsync());

        var log = await _workshop.RunAsync(LogCommand.Create());
        Assert.Contains("lit on Mondays", log.Output, StringComparison.Ordinal);
        Assert.Contains("lit on Fridays", log.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Note_that_comes_again_where_an_older_one_was_is_a_memory_of_its_own()
    {
        await LookAsync();
        File.Move(Path.Combine(Notes, "kiln.md"), Path.Combine(Notes, "oven.md"));
        await LookAsync();
        Write("kiln.md", "# Kiln\n\nIt is lit on Fridays.\n");

        Assert.Equal(["stored kiln.md"], await LookAsync());
        Assert.Equal(3, (await ReadAsync()).Count);
        Assert.Empty(await LookAsync());
    }

    [Fact]
    public async Task Headings_are_memories_of_their_own_also_where_two_are_the_same()
    {
        Write("kiln.md", "# Fire\n\nOn Fridays.\n\n# Fire\n\nOn Mondays.\n\n# Ash\n\nOn Tuesdays.\n");
        await LookAsync("--split");
        Write("kiln.md", "# Fire\n\nOn Fridays.\n\n# Fire\n\nOn Sundays.\n");

        Assert.Equal(["replaced kiln.md", "forgot kiln.md"], await LookAsync("--split"));
        Assert.Contains("# kiln > Fire\n\nOn Sundays.", (await ReadAsync()).Values);
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_and_stays_as_it_was_known()
    {
        await LookAsync();
        await File.WriteAllBytesAsync(Path.Combine(Notes, "kiln.md"), [0x23, 0xFF, 0xFE], TestContext.Current.CancellationToken);

        var run = await RunAsync("--once");

        Assert.Equal((ExitCode.Partial, ""), (run.Code, run.Output));
        Assert.Contains("Skipped kiln.md: it holds bytes that are not UTF-8", run.Error, StringComparison.Ordinal);
        Assert.Contains("# Kiln\n\nIt is lit on Fridays.", (await ReadAsync()).Values);
    }

    [Fact]
    public async Task Folder_that_is_empty_all_at_once_takes_nothing_away()
    {
        await LookAsync();
        Directory.Delete(Notes, recursive: true);
        var gone = await RunAsync("--once");
        Directory.CreateDirectory(Notes);
        var empty = await RunAsync("--once");

        Assert.Equal((ExitCode.Failure, ExitCode.Failure), (gone.Code, empty.Code));
        Assert.Contains("There is no folder", gone.Error, StringComparison.Ordinal);
        Assert.Contains("its 2 memories stay", empty.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task Two_folders_in_a_collection_leave_each_other_alone()
    {
        await LookAsync();
        Directory.CreateDirectory(_folder.File("others"));
        _folder.Write("others/well.md", "It is behind the mill.");

        var run = await _workshop.RunAsync(WatchCommand.Create(), _folder.File("others"), "--collection", "notes", "--once");

        Assert.Equal("stored well.md", run.Output.Trim());
        Assert.Equal(3, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task Change_is_seen_while_it_watches_and_the_end_is_no_failure()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = _workshop.RunAsync(WatchCommand.Create(), [Notes, "--collection", "notes", "--interval", "1"], stop.Token);
        await UntilAsync(async () => (await ReadAsync()).Count == 2);

        Write("well.md", "It is behind the mill.");
        await UntilAsync(async () => (await ReadAsync()).Count == 3);
        File.Delete(Path.Combine(Notes, "well.md"));
        await UntilAsync(async () => (await ReadAsync()).Count == 2);
        await stop.CancelAsync();

        var run = await running;
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Contains("forgot well.md", run.Output, StringComparison.Ordinal);
    }

    private void UseStore(bool isQdrant) => _workshop.UseFolder(isQdrant ? null : _folder.File("store"));

    private void Write(string name, string text)
    {
        var path = Path.Combine(Notes, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private Task<CommandRun> RunAsync(params string[] more) => _workshop.RunAsync(WatchCommand.Create(), [Notes, "--collection", "notes", .. more]);

    /// <summary>What one look at the folder did.</summary>
    private async Task<string[]> LookAsync(params string[] more)
    {
        var run = await RunAsync(["--once", .. more]);
        Assert.True(run.Code == ExitCode.Success, run.Error);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The texts of the collection, by id.</summary>
    private async Task<Dictionary<string, string>> ReadAsync()
    {
        var run = await _workshop.RunAsync(ListCommands.Create().Single(command => command.Name == "list"), "--collection", "notes", "--limit", "100", "--json");
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))
            .ToDictionary(memory => memory.GetProperty("id").GetString()!, memory => memory.GetProperty("text").GetString()!);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
            await Task.Delay(100, limit.Token);
    }
}
