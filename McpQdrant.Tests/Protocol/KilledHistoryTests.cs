using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Core.Access;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Hosting;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Configuration;
using McpQdrant.Tests.Server.Observability;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Protocol;

/// <summary>Several processes store, update, forget and undo over one store, and are killed at random moments: the log of changes is what happened, no more and no less.</summary>
public sealed class KilledHistoryTests : IAsyncLifetime
{
    private const int Processes = 3;
    private const int Memories = 8;
    private const string Collection = "notes";

    /// <summary>More with <c>KILLS=50</c>.</summary>
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("KILLS") ?? "4", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, string> _first = [];
    private readonly ConcurrentDictionary<string, bool> _changes = [];
    private readonly ConcurrentDictionary<ServerProcess, bool> _killed = [];
    private readonly List<ServerProcess> _servers = [];
    private readonly Dictionary<string, string?> _environment = new()
    {
        ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel,
        ["COLLECTION_NAME"] = Collection,
        ["MCP_TOOLS"] = "find,store,update,forget,undo",
    };

    private QdrantStandIn? _qdrant;
    private int _call;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        if (_qdrant is not null)
            await _qdrant.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_change_has_its_line_every_line_its_change_and_undoing_all_gives_the_first_state(bool overQdrant)
    {
        await OpenAsync(overQdrant);
        var random = new Random(Environment.GetEnvironmentVariable("KILLS") is null ? 21 : Environment.TickCount);
        for (var process = 0; process < Processes; process++)
            await StartAsync();
        for (var memory = 0; memory < Memories; memory++)
            await StoreAsync(_servers[0], $"memory {memory}", new JsonObject { ["number"] = memory });

        using var stop = new CancellationTokenSource();
        var writing = _servers.ToDictionary(server => server, server => WriteAsync(server, random.Next(), stop.Token));
        for (var kill = 1; kill <= Kills; kill++)
        {
            var enough = _changes.Count + random.Next(1, 12);
            await UntilAsync(() => _changes.Count >= enough);
            var victim = _servers[random.Next(Processes)];
            _killed[victim] = true;
            victim.Kill();
            await writing[victim];
            writing.Remove(victim);
            _servers.Remove(victim);
            await victim.DisposeAsync();
            var next = await StartAsync();
            writing[next] = WriteAsync(next, random.Next(), stop.Token);
        }
        await stop.CancelAsync();
        await Task.WhenAll(writing.Values);

        await using var services = Services();
        var lines = await services.GetRequiredService<IChangeLog>().ReadChangesAsync(new ChangeQuery { Limit = 1_000_000 }, Token);
        var now = await StatesAsync(services);
        Assert.Empty(_changes.Keys.Except(lines.Select(line => line.Origin.Id.ToString())));
        var clear = new List<string>();
        foreach (var memory in _first.Keys)
        {
            Change[] ofMemory = [.. lines.Where(line => line.Memory.ToString() == memory)];
            string?[] starts = [.. ChangeChain.Starts(ofMemory, now.GetValueOrDefault(memory)).Select(start => start is null ? null : ContentHash.Of(start.Memory))];
            Assert.True(
                ofMemory.Length == 0 ? now[memory] == _first[memory] : starts.Contains(_first[memory]),
                $"{memory} is {Short(now.GetValueOrDefault(memory))}, which its lines don't lead to from {Short(_first[memory])}:\n{string.Join('\n', ofMemory.Select(Describe))}");
            if (starts.Length <= 1)
                clear.Add(memory);
        }
        Assert.Empty(lines.Select(line => line.Memory.ToString()).Except(_first.Keys));

        await services.GetRequiredService<UndoChanges>().HandleAsync(Caller.Local, new UndoChangesRequest([]) { Since = "1h" }, Token);

        var undone = await StatesAsync(services);
        Assert.All(clear, memory => Assert.Equal(_first[memory], undone.GetValueOrDefault(memory)));
        Assert.NotEmpty(clear);
        Assert.InRange(_changes.Count, Kills, int.MaxValue);
    }

    private async Task OpenAsync(bool overQdrant)
    {
        if (overQdrant)
        {
            _qdrant = await QdrantStandIn.StartAsync(new QdrantStandInOptions(), Token);
            _environment["QDRANT_URL"] = _qdrant.Url.ToString();
        }
        else
        {
            _environment["QDRANT_LOCAL_PATH"] = _folder.Path;
        }
    }

    private async Task<ServerProcess> StartAsync()
    {
        var server = ServerProcess.Start([], _environment);
        _servers.Add(server);
        await server.WriteAsync(Messages.Initialize(), Messages.Initialized);
        Assert.NotNull(await server.ReadLineAsync());
        return server;
    }

    /// <summary>Changes at random until it is told to stop, or its server was killed.</summary>
    private async Task WriteAsync(ServerProcess server, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        try
        {
            for (var step = 0; !stop.IsCancellationRequested; step++)
                await ActAsync(server, random, $"{seed} {step}");
        }
        catch (IOException) when (_killed.ContainsKey(server))
        {
            // What was under way happened whole, or not at all.
        }
    }

    private async Task ActAsync(ServerProcess server, Random random, string unique)
    {
        string[] memories = [.. _first.Keys];
        string[] changes = [.. _changes.Keys];
        var memory = memories[random.Next(memories.Length)];
        var changed = random.Next(20) switch
        {
            0 => await StoreAsync(server, $"stored {unique}", metadata: null),
            < 6 => await CallAsync(server, "qdrant-update", new() { ["id"] = memory, ["information"] = $"updated {unique}" }),
            < 11 => await CallAsync(server, "qdrant-update", new() { ["id"] = memory, ["metadata"] = new JsonObject { ["number"] = unique, ["more"] = random.Next(2) == 0 ? null : 1 } }),
            < 13 => await CallAsync(server, "qdrant-forget", new() { ["ids"] = new JsonArray([.. memories.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).Select(id => (JsonNode)id)]) }),
            _ when changes.Length > 0 => await CallAsync(server, "qdrant-undo", new() { ["change"] = changes[random.Next(changes.Length)] }),
            _ => default,
        };
        if (changed.ValueKind == JsonValueKind.Object && changed.TryGetProperty("change", out var change))
            _changes[change.GetString()!] = true;
    }

    private async Task<JsonElement> StoreAsync(ServerProcess server, string text, JsonObject? metadata)
    {
        var stored = await CallAsync(server, "qdrant-store", new() { ["information"] = text, ["metadata"] = metadata?.DeepClone() });
        _first[stored.GetProperty("id").GetString()!] = HashOf(text, metadata is null ? null : JsonElement.Parse(metadata.ToJsonString()));
        return stored;
    }

    /// <returns>The structure; nothing where the server refused, as it does what isn't there any more.</returns>
    /// <exception cref="IOException">The server is gone.</exception>
    private async Task<JsonElement> CallAsync(ServerProcess server, string tool, JsonObject arguments)
    {
        await server.WriteAsync(Messages.Call(Interlocked.Increment(ref _call), tool, arguments));
        var line = await server.ReadLineAsync() ?? throw new IOException($"The server has ended: {server.Errors}");
        var result = JsonElement.Parse(line).Result();
        Assert.DoesNotContain("fault of the server", result.GetRawText(), StringComparison.Ordinal);
        return result.TryGetProperty("structuredContent", out var structure) ? structure : default;
    }

    private ServiceProvider Services() => new ServiceCollection()
        .AddLogging()
        .AddMemoryServer(Load.Environment([.. _environment.Select(variable => (variable.Key, variable.Value!))]), Caller.Local)
        .BuildServiceProvider();

    private static async Task<Dictionary<string, string>> StatesAsync(ServiceProvider services)
    {
        var read = await services.GetRequiredService<ReadCollections>().HandleAsync(Caller.Local, new ReadCollectionsRequest([]), Token);
        return await read.Entries.OfType<ImportEntry.Item>().ToDictionaryAsync(item => item.Memory.Id!.Value.ToString(), item => HashOf(item.Memory.Text, item.Memory.Metadata), cancellationToken: Token);
    }

    private string Describe(Change line) =>
        $"{(_changes.ContainsKey(line.Origin.Id.ToString()) ? "" : "not acknowledged: ")}{line.Origin.At:mm:ss.fff} {line.Origin.Operation} {Short(line.Before is { } before ? ContentHash.Of(before.Memory) : null)} -> {Short(line.After)}";

    private static string Short(string? hash) => hash?[..6] ?? "nothing";

    private static string HashOf(string text, JsonElement? metadata) => ContentHash.Of(new Memory(new MemoryId(1), text, metadata, null));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(ServerProcess.Patience);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
    }
}
