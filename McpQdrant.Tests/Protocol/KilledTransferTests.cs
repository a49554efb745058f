using System.Globalization;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Cli;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Protocol;

/// <summary>Memories of odd texts go from the embedded store through files into Qdrant and out again, while the programs that take them are killed.</summary>
public sealed class KilledTransferTests : IAsyncLifetime
{
    /// <summary>More with <c>KILLS=10</c>.</summary>
    private static readonly int Kills = Number("KILLS", standard: 4);

    /// <summary>More with <c>TRANSFER_MEMORIES=20000</c>.</summary>
    private static readonly int Count = Number("TRANSFER_MEMORIES", standard: 600);

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(Count);
    private QdrantStandIn _qdrant = null!;
    private int _writes;
    private int _writesAtKill = int.MaxValue;
    private TaskCompletionSource _enough = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _qdrant = await QdrantStandIn.StartAsync(
        new QdrantStandInOptions
        {
            Before = context =>
            {
                if (context.Request.Method == "PUT" && ++_writes >= _writesAtKill)
                    _enough.TrySetResult();
                return Task.FromResult(false);
            },
        }, Token);

    public async ValueTask DisposeAsync()
    {
        await _qdrant.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Killed_and_run_again_the_round_trip_gives_the_same_bytes()
    {
        var source = _folder.Write("source.jsonl", string.Concat(OddLines.Of(Count).Select(line => $"{line}\n")));
        var (embedded, qdrant) = (Embedded("data"), new Dictionary<string, string?> { ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel, ["QDRANT_URL"] = _qdrant.Url.ToString() });

        for (var kill = 0; kill < Kills; kill++)
            await KillAsync(embedded, GrownAsync, "import", source, "--collection", "notes");
        await RunAsync(embedded, "import", source, "--collection", "notes");
        await KillAsync(embedded, () => CreatedAsync("first.jsonl.part"), "export", "notes", "-o", _folder.File("first.jsonl"));
        Assert.False(File.Exists(_folder.File("first.jsonl")));
        await RunAsync(embedded, "export", "notes", "-o", _folder.File("first.jsonl"));
        for (var kill = 0; kill < Kills; kill++)
            await KillAsync(qdrant, WrittenAsync, "import", _folder.File("first.jsonl"));
        await RunAsync(qdrant, "import", _folder.File("first.jsonl"));
        await RunAsync(qdrant, "export", "notes", "-o", _folder.File("second.jsonl"));
        await RunAsync(Embedded("unkilled"), "import", source, "--collection", "notes");
        await RunAsync(Embedded("unkilled"), "export", "notes", "-o", _folder.File("unkilled.jsonl"));

        Assert.Equal(Count, Memories("first.jsonl").Length);
        Assert.Equal(Memories("unkilled.jsonl"), Memories("first.jsonl"));
        Assert.Equal(Memories("first.jsonl"), Memories("second.jsonl"));
        var again = await RunAsync(qdrant, "import", _folder.File("second.jsonl"));
        Assert.Contains($"0 stored, {Count.ToString("N0", CultureInfo.InvariantCulture)} there already", again, StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Embedded(string name) => new() { ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel, ["QDRANT_LOCAL_PATH"] = _folder.File(name) };

    /// <summary>Kills a command once it has done something, at a random moment.</summary>
    /// <param name="begun">Completes at that moment.</param>
    private static async Task KillAsync(Dictionary<string, string?> environment, Func<Task> begun, params string[] arguments)
    {
        await using var process = ServerProcess.Start(arguments, environment);
        await Task.WhenAny(begun(), process.WaitForExitAsync());
        process.Kill();
        await process.WaitForExitAsync();
    }

    private static async Task<string> RunAsync(Dictionary<string, string?> environment, params string[] arguments)
    {
        await using var process = ServerProcess.Start(arguments, environment);
        process.CloseInput();
        var output = process.ReadToEndAsync();
        Assert.True(await process.WaitForExitAsync() == 0, process.Errors);
        return string.Join('\n', await output);
    }

    /// <summary>Completes when the embedded store has grown by a random amount.</summary>
    private async Task GrownAsync()
    {
        var enough = Size() + _random.Next(1, 200 * Count);
        await UntilAsync(() => Size() >= enough);

        long Size() => Directory.Exists(_folder.File("data")) ? new DirectoryInfo(_folder.File("data")).EnumerateFiles().Sum(file => file.Exists ? file.Length : 0) : 0;
    }

    /// <summary>Completes when Qdrant has been asked to write a random number of times.</summary>
    private Task WrittenAsync()
    {
        _enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _writesAtKill = _writes + _random.Next(1, Math.Max(2, Count / 64 / Kills * 2));
        return _enough.Task;
    }

    private Task CreatedAsync(string name) => UntilAsync(() => File.Exists(_folder.File(name)));

    /// <summary>The lines after the header.</summary>
    private string[] Memories(string name) => [.. File.ReadAllText(_folder.File(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(1), Token);
    }

    private static int Number(string variable, int standard) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
