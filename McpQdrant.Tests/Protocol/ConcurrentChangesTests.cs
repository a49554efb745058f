using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Protocol;

/// <summary>
/// Several real processes change the same memories at once, over one folder or over one Qdrant: what was acknowledged is the sum of what is stored.
/// </summary>
public sealed class ConcurrentChangesTests : IAsyncLifetime
{
    private const int Processes = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly List<ServerProcess> _servers = [];
    private QdrantStandIn? _qdrant;
    private int _call;

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
    public async Task All_acknowledged_changes_of_one_memory_are_what_is_stored(bool overQdrant)
    {
        await StartAsync(overQdrant);
        var id = await StoreAsync(_servers[0], "sum");

        // Each round sets a field of its own, and removes the one of the round before.
        var rounds = await Task.WhenAll(_servers.Select((server, process) => Task.Run(async () =>
        {
            for (var round = 0; round < 25; round++)
            {
                var changes = new JsonObject { [$"p{process}r{round}"] = round, [$"p{process}r{round - 1}"] = null };
                Assert.False(IsError(await CallAsync(server, "qdrant-update", new JsonObject { ["id"] = id, ["metadata"] = changes })));
            }
            return $"p{process}r24";
        })));

        var metadata = Assert.Single((await FindAsync("sum")).EnumerateArray()).GetProperty("metadata");
        Assert.Equal(rounds.Order(), metadata.EnumerateObject().Select(field => field.Name).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_memory_that_was_forgotten_stays_so_whatever_changes_it_meanwhile(bool overQdrant)
    {
        await StartAsync(overQdrant);

        for (var round = 0; round < 25; round++)
        {
            var id = await StoreAsync(_servers[0], $"gone {round}");
            var forget = CallAsync(_servers[0], "qdrant-forget", new JsonObject { ["ids"] = new JsonArray(id) });
            var updates = _servers.Skip(1).Select(server => CallAsync(server, "qdrant-update", new JsonObject { ["id"] = id, ["metadata"] = new JsonObject { ["round"] = round } }));
            await Task.WhenAll([forget, .. updates]);

            Assert.Equal(1, (await forget).Structured().GetProperty("deleted").GetInt32());
        }

        Assert.Equal(0, (await FindAsync("gone")).GetArrayLength());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_that_is_stored_again_while_it_is_corrected_overwrites_no_correction(bool overQdrant)
    {
        await StartAsync(overQdrant);

        for (var round = 0; round < 15; round++)
        {
            var text = $"fact {round}";
            var id = await StoreAsync(_servers[0], text);
            var correction = CallAsync(_servers[0], "qdrant-update", new JsonObject { ["id"] = id, ["information"] = $"corrected {round}" });
            var stores = _servers.Skip(1).Select(server => CallAsync(server, "qdrant-store", new JsonObject { ["information"] = text }));
            var answers = await Task.WhenAll([correction, .. stores]);

            Assert.All(answers, answer => Assert.False(IsError(answer)));
        }

        var texts = (await FindAsync("corrected")).EnumerateArray().Select(hit => hit.GetProperty("content").GetString()!);
        Assert.Empty(Enumerable.Range(0, 15).Select(round => $"corrected {round}").Except(texts));
    }

    private async Task StartAsync(bool overQdrant)
    {
        var environment = new Dictionary<string, string?>
        {
            ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel,
            ["COLLECTION_NAME"] = "notes",
            ["QDRANT_SEARCH_LIMIT"] = "100",
        };
        if (overQdrant)
        {
            _qdrant = await QdrantStandIn.StartAsync(new QdrantStandInOptions(), TestContext.Current.CancellationToken);
            environment["QDRANT_URL"] = _qdrant.Url.ToString();
        }
        else
            environment["QDRANT_LOCAL_PATH"] = _folder.Path;

        for (var process = 0; process < Processes; process++)
        {
            var server = ServerProcess.Start([], environment);
            _servers.Add(server);
            await server.WriteAsync(Messages.Initialize(), Messages.Initialized);
        }
        foreach (var server in _servers)
            Assert.NotNull(await server.ReadLineAsync());
    }

    /// <summary>One call at a time of each server.</summary>
    private async Task<JsonElement> CallAsync(ServerProcess server, string tool, JsonObject arguments)
    {
        await server.WriteAsync(Messages.Call(Interlocked.Increment(ref _call), tool, arguments));
        var line = await server.ReadLineAsync();
        Assert.True(line is not null, server.Errors);
        return JsonElement.Parse(line);
    }

    private async Task<string> StoreAsync(ServerProcess server, string text) =>
        (await CallAsync(server, "qdrant-store", new JsonObject { ["information"] = text })).Structured().GetProperty("id").GetString()!;

    private async Task<JsonElement> FindAsync(string query) =>
        (await CallAsync(_servers[^1], "qdrant-find", new JsonObject { ["query"] = query })).Structured().GetProperty("results");

    private static bool IsError(JsonElement answer) => answer.Result().TryGetProperty("isError", out var isError) && isError.GetBoolean();
}
