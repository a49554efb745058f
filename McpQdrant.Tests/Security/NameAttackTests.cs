using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;
using Microsoft.AspNetCore.Http.Features;

namespace McpQdrant.Tests.Security;

/// <summary>Names of collections that want to be paths, by a caller who may touch <c>own-*</c> alone.</summary>
public sealed class NameAttackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly string[] Names =
    [
        "..", ".", "../secret", "own-/../secret", "own-/../../etc/passwd", "/own-x", "own-\\..\\secret", "own-x/points", "own-x\0", "own-x\0/../secret",
        "own-%2F..%2Fsecret", "own-%2e%2e", "own-..", "..own-x", "own-%00", "own-x?wait=true", "own-x#secret", "own-x;secret", "own-x secret", "own-x\n", "own-x\r\nHost: evil",
        "own-＼..／secret", "own-\u2024\u2024\u2215secret", "own-x\u202e", "own-é", "own-%", "own-+", "own-*", "own-C:", "secret", "OWN-x", "",
        $"own-{new string('x', 251)}", $"own-{new string('x', 252)}", $"own-{new string('é', 126)}", $"own-{new string('x', 100_000)}",
    ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task To_Qdrant_goes_the_name_itself_or_nothing()
    {
        var targets = new ConcurrentQueue<string>();
        await using var qdrant = await QdrantStandIn.StartAsync(
            new QdrantStandInOptions
            {
                Before = context =>
                {
                    targets.Enqueue(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
                    return Task.FromResult(false);
                },
            },
            TestContext.Current.CancellationToken);
        await using var server = await StartAsync(("QDRANT_URL", qdrant.Url.ToString()));
        await HideAsync(server);

        foreach (var name in Names)
        {
            targets.Clear();
            await AskAsync(server, name);

            string[] asked = [name, Uri.UnescapeDataString(name), Uri.EscapeDataString(name)];
            foreach (var target in targets.Where(target => target is not ("/" or "/collections")))
            {
                var parts = target.Split('/', '?');
                var collection = Uri.UnescapeDataString(parts[2]);

                Assert.Equal("collections", parts[1]);
                Assert.StartsWith("own-", collection, StringComparison.Ordinal);
                // Without a name a find is about all collections.
                if (name.Length > 0)
                    Assert.Contains(collection, asked);
                Assert.DoesNotContain(collection, character => character is '/' or '\\' or '\0');
            }
        }
    }

    [Fact]
    public async Task In_a_folder_names_make_no_files()
    {
        await using var server = await StartAsync(("QDRANT_URL", ""), ("QDRANT_LOCAL_PATH", _folder.File("store")));
        await HideAsync(server);

        foreach (var name in Names)
            await AskAsync(server, name);

        Assert.Equal(["access.json", "store"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
        Assert.All(Directory.EnumerateFileSystemEntries(_folder.File("store")), path => Assert.StartsWith("memories.", Path.GetFileName(path), StringComparison.Ordinal));
    }

    private static async Task HideAsync(AccessServer server) =>
        await server.CallAsync("qdrant-store", new JsonObject { ["information"] = "The vault opens at nine.", ["collection_name"] = "secret" }, "admin-key");

    /// <summary>Stores, finds, forgets and reads under a name; nothing of it may be a fault of the server, or reach what is another's.</summary>
    private static async Task AskAsync(AccessServer server, string name)
    {
        string[] messages =
        [
            Messages.Store(1, "planted", name),
            Messages.Find(1, "When can I get in?", name),
            Messages.Call(1, "qdrant-forget", new JsonObject { ["filter"] = new JsonObject(), ["collection_name"] = name }),
            Messages.Request(1, "resources/read", new JsonObject { ["uri"] = $"memory://{name}" }),
            Messages.Request(1, "resources/read", new JsonObject { ["uri"] = $"memory://{Escaped(name)}" }),
            Messages.Request(1, "resources/read", new JsonObject { ["uri"] = $"memory://{Escaped(Escaped(name))}/1" }),
        ];

        foreach (var message in messages)
        {
            var answer = await server.SendAsync(message, AccessServer.KeyOf("eve"));

            Assert.DoesNotContain("vault", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("fault of the server", answer.Body, StringComparison.Ordinal);
            Assert.True((int)answer.Status is 200, $"{answer.Status} {answer.Body}");
            Assert.True(answer.Message.TryGetProperty("result", out _) || answer.Message.GetProperty("error").GetProperty("code").GetInt32() is -32002 or -32602, answer.Body);
        }
        Assert.All(server.Log.Events, entry => Assert.True(entry.Level < Microsoft.Extensions.Logging.LogLevel.Error, entry.Text));

        static string Escaped(string text) => Uri.EscapeDataString(text);
    }

    private Task<AccessServer> StartAsync(params (string Name, string Text)[] settings)
    {
        var file = _folder.Write("access.json", AccessServer.File(AccessServer.Entry("eve", ["own-*"], read: true, write: true, forget: true)));
        return AccessServer.StartAsync([("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_API_KEY", "admin-key"), ("MCP_ACCESS_FILE", file), .. settings]);
    }
}
