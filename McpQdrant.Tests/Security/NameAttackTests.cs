using System.Net;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Access;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Security;

/// <summary>Names of collections, and addresses of memories, that would lead elsewhere.</summary>
public sealed class NameAttackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names =>
    [
        "..", ".", "../own-x", "own-x/../secret", "own-/../../secret", "own-%2F..%2Fsecret", "own-%252F..%252Fsecret", "own-\0secret", "own-\\..\\secret",
        "own-;DROP TABLE memories", "own-'\"", "own-\u202Esecret", "own-\u2024\u2024/secret", "own- ", " own-x", "own-x?wait=true", "own-x#", "own-" + "a very long name".PadRight(3000, 'x'),
        "own-\u00E9", "own-e\u0301", "OWN-x", "own-\r\nHost: evil", "*", "own-*",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_reaches_what_it_says_or_nothing(string name)
    {
        var paths = new List<string>();
        await using var qdrant = await QdrantStandIn.StartAsync(new QdrantStandInOptions
        {
            Before = context =>
            {
                lock (paths)
                    paths.Add(context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget);
                return Task.FromResult(false);
            },
        }, TestContext.Current.CancellationToken);
        await using var server = await AccessServer.StartAsync(
            ("QDRANT_URL", qdrant.Url.AbsoluteUri), ("MCP_API_KEY", "admin"), ("MCP_ACCESS_FILE", _folder.Write("access.json", AccessServer.File(AccessServer.Entry("ann", ["own-*"], read: true, write: true, forget: true)))));
        await server.CallAsync("qdrant-store", new JsonObject { ["information"] = "the vault opens at nine", ["collection_name"] = "secret" }, "admin");
        lock (paths)
            paths.Clear();

        var key = AccessServer.KeyOf("ann");
        var stored = await server.CallAsync("qdrant-store", new JsonObject { ["information"] = "x", ["collection_name"] = name }, key);
        var found = await server.CallAsync("qdrant-find", new JsonObject { ["query"] = "vault", ["collection_name"] = name }, key);
        var forgotten = await server.CallAsync("qdrant-forget", new JsonObject { ["filter"] = new JsonObject { ["must_not"] = new JsonArray(new JsonObject { ["key"] = "metadata.x", ["match"] = new JsonObject { ["value"] = 1 } }) }, ["collection_name"] = name }, key);
        foreach (var uri in (string[])[$"memory://{name}", $"memory://{Uri.EscapeDataString(name)}", $"memory://own-x/{Uri.EscapeDataString(name)}"])
            Assert.DoesNotContain("nine", (await server.SendAsync(Messages.Request(1, "resources/read", new JsonObject { ["uri"] = uri }), key)).Body, StringComparison.Ordinal);

        Assert.All((string[])[stored.ToString(), found.ToString(), forgotten.ToString()], answer => Assert.DoesNotContain("nine", answer, StringComparison.Ordinal));
        lock (paths)
        {
            // Only names that are within the caller's reach were asked for, and each as one segment of the path.
            Assert.All(paths.Where(path => path != "/" && path != "/collections"), path =>
            {
                var segment = Uri.UnescapeDataString(path.Split('/', '?')[2]);
                Assert.StartsWith("own-", segment, StringComparison.Ordinal);
                Assert.DoesNotContain("/", segment, StringComparison.Ordinal);
            });
        }
    }

    [Theory]
    [InlineData("/mcp/../health")]
    [InlineData("/%2e%2e/etc/passwd")]
    [InlineData("/mcp%2F..%2F.well-known")]
    [InlineData("//mcp")]
    [InlineData("/appsettings.json")]
    public async Task No_path_leads_to_a_file(string path)
    {
        await using var server = await AccessServer.StartAsync(("MCP_API_KEY", "admin"));

        using var answer = await server.Client.GetAsync(new Uri($"http://127.0.0.1:{server.Address.Port}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.MethodNotAllowed || (answer.StatusCode == HttpStatusCode.OK && path.EndsWith("health", StringComparison.Ordinal)), $"{answer.StatusCode}");
    }
}
