using System.Text;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Backup;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Core.Transfer;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Mcp;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Security;

/// <summary>A caller that is bound to one user tries to see and to change the memories of another one, by every use case: five hundred times, and none gets through.</summary>
/// <remarks>Both go by one name, as callers behind a gateway do, so that nothing but the scope keeps them apart; and they may do all that an operator may.</remarks>
public sealed class ScopeAttackTests
{
    private const int Attempts = 500;

    private static readonly CollectionName Notes = CollectionName.Parse("notes");

    private static readonly Caller Anna = Caller.Local with { Name = "gateway", Pins = new Dictionary<string, string> { ["user"] = "anna" } };

    private static readonly Caller Bob = Caller.Local with { Name = "gateway", Pins = new Dictionary<string, string> { ["user"] = "bob" } };

    private static readonly IProgress<BackfillProgress> NoProgress = new Progress<BackfillProgress>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task No_attempt_sees_or_changes_another_scope(bool isQdrant, int seed)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);
        var log = new LogCapture();
        host.Get<ILoggerFactory>().AddProvider(log);
        var victim = await Victim.SeedAsync(host);
        var before = await victim.StateAsync();
        log.Clear();

        var (random, ways, refused) = (new Random(seed), AttemptsOf(host, victim), 0);
        Assert.True(ways.Count * 10 < Attempts);
        for (var number = 0; number < Attempts; number++)
        {
            var (name, mustBeAudited, attempt) = ways[number % ways.Count];
            log.Clear();
            string seen;
            try
            {
                seen = await attempt(random);
            }
            catch (MemoryException refusal)
            {
                seen = refusal.Message;
            }
            Assert.False(seen.Contains("secret", StringComparison.Ordinal), $"{name}: {seen}");
            if (mustBeAudited)
            {
                Assert.True(log.AuditLog.Any(line => line.Name == "refusal" && line.Text.StartsWith("gateway ", StringComparison.Ordinal)), $"{name}: {string.Join('\n', log.AuditLog.Select(line => line.Text))}");
                refused++;
            }
        }

        Assert.Equal(before, await victim.StateAsync());
        Assert.True(refused > Attempts / 3);
    }

    /// <summary>The other way round: what is one's own is found, changed, undone and exported as ever.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Own_memories_are_as_without_a_scope(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);
        await Victim.SeedAsync(host);
        var id = (await host.Get<StoreMemory>().HandleAsync(Bob, new StoreMemoryRequest(Notes, "a zebra of bob", Json("""{"kind":"pet"}""")), Token)).Id;

        var updated = await host.Get<UpdateMemory>().HandleAsync(Bob, new UpdateMemoryRequest(Notes, id, "a zebra that bob has", Json("""{"age":3}"""), ReplaceMetadata: true), Token);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.Get<UndoChange>().HandleAsync(Bob, new UndoChangeRequest(Notes, updated.Change!.Value), Token);
        var forgotten = await host.Get<ForgetMemories>().HandleAsync(Bob, new ForgetMemoriesRequest(Notes, [id]), Token);
        await host.Get<UndoChange>().HandleAsync(Bob, new UndoChangeRequest(Notes, forgotten.Change!.Value), Token);
        var preview = await host.Get<PreviewForget>().HandleAsync(Bob, new PreviewForgetRequest(Notes, Of("""{"must":[{"key":"metadata.kind","match":{"value":"pet"}}]}""")), Token);

        Assert.Equal("""{"age":3,"user":"bob"}""", updated.Memory.Metadata!.Value.GetRawText());
        var hits = (await host.Get<FindMemories>().HandleAsync(Bob, new FindMemoriesRequest(null, "zebra"), Token)).Hits;
        var found = hits[0];
        Assert.Equal(2, hits.Count);
        Assert.Equal(("a zebra of bob", """{"kind":"pet","user":"bob"}"""), (found.Memory.Text, found.Memory.Metadata!.Value.GetRawText()));
        Assert.Equal(1, preview.Count);
        Assert.Equal(2, Assert.Single(await host.Get<ListCollections>().HandleAsync(Bob, new ListCollectionsRequest(), Token)).Points);
        Assert.Contains("a zebra of bob", await ExportAsync(host, new ExportCollectionsRequest([Notes], Stream.Null, NoProgress)), StringComparison.Ordinal);
        var changes = await host.Get<ListChanges>().HandleAsync(Bob, new ListChangesRequest(new ChangeQuery { Limit = 10 }), Token);
        Assert.Equal(4, changes.Count);
    }

    /// <summary>An id that another scope's memory has, because an operator gave it to that scope, keeps nobody from storing the text.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_taken_id_keeps_nobody_from_storing(bool isQdrant)
    {
        using var qdrant = isQdrant ? new StandInHandler() : null;
        await using var host = await ToolHost.StartAsync(qdrant);
        var first = (await host.Get<StoreMemory>().HandleAsync(Bob, new StoreMemoryRequest(Notes, "a zebra"), Token)).Id;
        await host.Get<UpdateMemory>().HandleAsync(Caller.Local, new UpdateMemoryRequest(Notes, first, null, Json("""{"user":"anna"}""")), Token);

        var second = await host.Get<StoreMemory>().HandleAsync(Bob, new StoreMemoryRequest(Notes, "a zebra"), Token);

        Assert.True(second.IsNew);
        Assert.NotEqual(first, second.Id);
        Assert.Equal(second.Id, Assert.Single((await host.Get<FindMemories>().HandleAsync(Bob, new FindMemoriesRequest(Notes, "zebra"), Token)).Hits).Memory.Id);
    }

    private static List<(string Name, bool MustBeAudited, Func<Random, Task<string>> Attempt)> AttemptsOf(ToolHost host, Victim victim)
    {
        string[] filters =
        [
            """{"must":[{"key":"metadata.user","match":{"value":"anna"}}]}""",
            """{"should":[{"key":"metadata.user","match":{"value":"anna"}},{"key":"metadata.user","match":{"value":"bob"}}]}""",
            """{"must_not":[{"key":"metadata.user","match":{"value":"bob"}}]}""",
            """{"must_not":[{"is_empty":{"key":"metadata.user"}}]}""",
            """{"min_should":{"conditions":[{"key":"metadata.user","match":{"any":["anna","bob"]}},{"is_empty":{"key":"metadata.none"}}],"min_count":1}}""",
            """{"must":[{"key":"document","match":{"text":"zebra"}}]}""",
            """{"should":[{"key":"metadata.user","values_count":{"gte":0}}]}""",
        ];
        Filter Any(Random random) => Of(filters[random.Next(filters.Length)]);
        MemoryId Id(Random random) => victim.Ids[random.Next(victim.Ids.Count)];
        MemoryId Changed(Random random) => victim.Ids[random.Next(2)];
        ChangeId Change(Random random) => victim.Changes[random.Next(victim.Changes.Count)];

        return
        [
            ("get", true, async random => Shown([await host.Get<GetMemory>().HandleAsync(Bob, new GetMemoryRequest(Notes, Id(random)), Token)])),
            ("find", false, async _ => Shown(await FindAsync(new FindMemoriesRequest(Notes, "zebra of anna")))),
            ("find in all", false, async random => Shown(await FindAsync(new FindMemoriesRequest(null, "zebra of anna", Any(random))))),
            ("find by filter", false, async random => Shown(await FindAsync(new FindMemoriesRequest(Notes, "zebra", Any(random))))),
            ("find by metadata", false, async _ => Shown(await FindAsync(new FindMemoriesRequest(Notes, "zebra") { Metadata = Json("""{"user":["anna","bob"]}""") }))),
            ("find by has_id", false, async random => Shown(await FindAsync(new FindMemoriesRequest(Notes, "zebra", Of($$"""{"must":[{"has_id":["{{Id(random)}}"]}]}"""))))),
            ("find by id", true, async random => Shown(await FindAsync(new FindMemoriesRequest(Notes, Id(random).ToString())))),
            ("newest", false, async random => Shown(await FindAsync(new FindMemoriesRequest(Notes, null, Any(random)) { Limit = 50, Since = "30d" }))),
            ("list", false, async random => Shown((await host.Get<ListMemories>().HandleAsync(Bob, new ListMemoriesRequest(Notes, 50, Any(random)), Token)).Memories)),
            ("count", false, async _ =>
            {
                Assert.Equal(1, Assert.Single(await host.Get<ListCollections>().HandleAsync(Bob, new ListCollectionsRequest(), Token)).Points);
                Assert.Equal(1, (await host.Get<DescribeCollection>().HandleAsync(Bob, new DescribeCollectionRequest(Notes), Token))!.Points);
                return "";
            }),
            ("update", true, async random => Shown([(await host.Get<UpdateMemory>().HandleAsync(Bob, new UpdateMemoryRequest(Notes, Id(random), "of bob now"), Token)).Memory])),
            ("give away", true, random => GiveAsync(random, isReplaced: false)),
            ("give all away", true, random => GiveAsync(random, isReplaced: true)),
            ("forget", true, async random => $"{(await host.Get<ForgetMemories>().HandleAsync(Bob, new ForgetMemoriesRequest(Notes, [Id(random)]), Token)).Deleted}"),
            ("preview of a deletion", false, async random => Shown((await host.Get<PreviewForget>().HandleAsync(Bob, new PreviewForgetRequest(Notes, Any(random)), Token)).Sample)),
            ("another's code", false, async _ =>
            {
                var code = (await host.Get<PreviewForget>().HandleAsync(Anna, new PreviewForgetRequest(Notes, Of(filters[0])), Token)).Code;
                return $"{(await host.Get<ForgetMemories>().HandleAsync(Bob, new ForgetMemoriesRequest(Notes, [], code), Token)).Deleted}";
            }),
            ("another's code with ids", true, async _ =>
            {
                var code = (await host.Get<PreviewForget>().HandleAsync(Anna, new PreviewForgetRequest(Notes, Of(filters[0])), Token)).Code;
                return $"{(await host.Get<ForgetMemories>().HandleAsync(Bob, new ForgetMemoriesRequest(Notes, victim.Ids, code), Token)).Deleted}";
            }),
            ("store for another", true, async random =>
            {
                string[] metadata = ["""{"user":"anna"}""", """{"user":["anna"]}""", """{"user":["bob","anna"]}""", """{"user":"bob","user":"anna"}""", """{"user":"anna","user":"bob"}""", """{"user":null}""", """{"user":{"a":1}}"""];
                return (await host.Get<StoreMemory>().HandleAsync(Bob, new StoreMemoryRequest(Notes, "planted", Json(metadata[random.Next(metadata.Length)])), Token)).Id.ToString();
            }),
            ("import over another", true, random => ImportAsync(host, new ImportedMemory("planted", null) { Id = Id(random) })),
            ("import for another", true, random => ImportAsync(host, new ImportedMemory("planted", Json("""{"user":"anna"}""")) { Id = Id(random) })),
            ("undo", true, async random => Shown((await host.Get<UndoChange>().HandleAsync(Bob, new UndoChangeRequest(Notes, Change(random), random.Next(2) == 0), Token)).Memories.Select(memory => memory.Now).OfType<Memory>())),
            ("undo as an operator", true, async random => Shown(await UndoAsync(new UndoChangesRequest([Change(random)])))),
            ("undo of a memory", true, async random => Shown(await UndoAsync(new UndoChangesRequest([]) { Memory = Changed(random) }))),
            ("undo of a caller", false, async random => Shown(await UndoAsync(new UndoChangesRequest([], IsPreview: random.Next(2) == 0) { By = "gateway", Since = "1h" }))),
            ("log", false, async _ => Shown((await host.Get<ListChanges>().HandleAsync(Bob, new ListChangesRequest(new ChangeQuery { Limit = 100 }), Token)).Select(change => change.Before?.Memory).OfType<Memory>())),
            ("log of a memory", true, async random => Changes(await host.Get<ListChanges>().HandleAsync(Bob, new ListChangesRequest(new ChangeQuery { Memory = Changed(random), Limit = 100 }), Token))),
            ("log of a change", true, async random => Changes(await host.Get<ListChanges>().HandleAsync(Bob, new ListChangesRequest(new ChangeQuery { Change = Change(random), Limit = 100 }), Token))),
            ("export", false, random => ExportAsync(host, new ExportCollectionsRequest(random.Next(2) == 0 ? [] : [Notes], Stream.Null, NoProgress) { Filter = random.Next(2) == 0 ? null : Any(random), WithVectors = true })),
            ("copy into another store", false, async _ =>
            {
                var read = await host.Get<ReadCollections>().HandleAsync(Bob, new ReadCollectionsRequest([]), Token);
                return string.Join('\n', await read.Entries.OfType<ImportEntry.Item>().Select(entry => $"{entry.Memory.Text} {entry.Memory.Metadata}").ToListAsync(Token));
            }),
            ("purge", true, async random => $"{(await host.Get<PurgeMemories>().HandleAsync(Bob, new PurgeMemoriesRequest(Notes, [Id(random)], IsPreview: random.Next(2) == 0), Token)).Memories.Count}"),
            ("copy of a collection", true, async _ => $"{await host.Get<CopyCollection>().HandleAsync(Bob, new CopyCollectionRequest(Notes, CollectionName.Parse("copy"), NoProgress), Token)}"),
            ("backup", true, async _ => $"{await host.Get<BackUpStore>().HandleAsync(Bob, new BackUpStoreRequest(Path.GetTempPath(), "1.0.0", NoProgress), Token)}"),
            ("restore", true, async _ => $"{await host.Get<RestoreStore>().HandleAsync(Bob, new RestoreStoreRequest(Path.GetTempPath(), NoProgress), Token)}"),
            ("expire", false, async _ => string.Join(' ', (await host.Get<ExpireMemories>().HandleAsync(Bob, new ExpireMemoriesRequest(), Token)).Touched)),
        ];

        async Task<IEnumerable<Memory>> FindAsync(FindMemoriesRequest request) => (await host.Get<FindMemories>().HandleAsync(Bob, request, Token)).Hits.Select(hit => hit.Memory);

        async Task<IEnumerable<Memory>> UndoAsync(UndoChangesRequest request) =>
            (await host.Get<UndoChanges>().HandleAsync(Bob, request, Token)).Collections.SelectMany(collection => collection.Memories).Select(memory => memory.Now).OfType<Memory>();

        async Task<string> GiveAsync(Random random, bool isReplaced)
        {
            string[] metadata = ["""{"user":"anna"}""", """{"user":null}""", """{"user":["bob","anna"]}""", """{"user":7}"""];
            var own = (await host.Get<FindMemories>().HandleAsync(Bob, new FindMemoriesRequest(Notes, "fish"), Token)).Hits.Single().Memory.Id;
            return Shown([(await host.Get<UpdateMemory>().HandleAsync(Bob, new UpdateMemoryRequest(Notes, own, null, Json(metadata[random.Next(metadata.Length)]), isReplaced), Token)).Memory]);
        }
    }

    private static async Task<string> ImportAsync(ToolHost host, ImportedMemory memory)
    {
        var imported = await host.Get<ImportMemories>().HandleAsync(
            Bob, new ImportMemoriesRequest(new ImportEntry[] { new ImportEntry.Item("line 1", memory) }.ToAsyncEnumerable(), NoProgress) { Collection = Notes, OnConflict = ImportConflict.Replace }, Token);
        Assert.Equal((0L, 0L, 1L), (imported.Stored, imported.Replaced, imported.Skipped));
        return "";
    }

    private static async Task<string> ExportAsync(ToolHost host, ExportCollectionsRequest request)
    {
        using var output = new MemoryStream();
        await host.Get<ExportCollections>().HandleAsync(Bob, request with { Output = output }, Token);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static string Shown(IEnumerable<Memory> memories) => string.Join('\n', memories.Select(memory => $"{memory.Id} {memory.Text} {memory.Metadata}"));

    private static string Changes(IReadOnlyList<Change> changes) => changes.Count == 0 ? "" : "a line of the secret log";

    private static Filter Of(string json) => Filter.Parse(Json(json));

    private static JsonElement Json(string json) => JsonElement.Parse(json);

    /// <summary>Anna's memories: some as they were stored, one changed, one deleted, one deleted and brought back.</summary>
    private sealed record Victim(ToolHost Host, IReadOnlyList<MemoryId> Ids, IReadOnlyList<ChangeId> Changes)
    {
        public static async Task<Victim> SeedAsync(ToolHost host)
        {
            var ids = new List<MemoryId>();
            for (var number = 0; number < 5; number++)
                ids.Add((await host.Get<StoreMemory>().HandleAsync(Anna, new StoreMemoryRequest(Notes, $"secret zebra {number} of anna"), Token)).Id);
            await host.Get<StoreMemory>().HandleAsync(Bob, new StoreMemoryRequest(Notes, "a fish of bob"), Token);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            var updated = await host.Get<UpdateMemory>().HandleAsync(Anna, new UpdateMemoryRequest(Notes, ids[0], "another secret zebra of anna"), Token);
            var deleted = await host.Get<ForgetMemories>().HandleAsync(Anna, new ForgetMemoriesRequest(Notes, [ids[1]]), Token);
            var lost = await host.Get<ForgetMemories>().HandleAsync(Anna, new ForgetMemoriesRequest(Notes, [ids[2]]), Token);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            var back = await host.Get<UndoChange>().HandleAsync(Anna, new UndoChangeRequest(Notes, lost.Change!.Value), Token);
            // One that is gone has no id to be asked for.
            return new Victim(host, [ids[0], ids[2], ids[3], ids[4]], [updated.Change!.Value, deleted.Change!.Value, lost.Change!.Value, back.UndoneBy!.Value]);
        }

        /// <summary>All that is there of her, and all that the log has of her.</summary>
        public async Task<string> StateAsync()
        {
            var memories = await Host.Get<ListMemories>().HandleAsync(Caller.Local, new ListMemoriesRequest(Notes, 100), Token);
            var changes = await Host.Get<ListChanges>().HandleAsync(Caller.Local, new ListChangesRequest(new ChangeQuery { Limit = 1000 }), Token);
            return string.Join('\n', memories.Memories.Where(memory => memory.Metadata?.GetProperty("user").ValueEquals("anna") == true).Select(memory => $"{memory.Id} {memory.Text} {memory.Metadata} {memory.StoredAt:O} {memory.RevisionNumber}"))
                + string.Join('\n', changes.Where(change => change.Before?.Memory.Metadata?.GetProperty("user").ValueEquals("anna") != false).Select(change => $"{change.Origin.Id} {change.Memory} {change.Before?.Memory.Text} {change.After}"));
        }
    }
}
