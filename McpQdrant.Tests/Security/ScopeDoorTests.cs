using System.CommandLine;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Server.Cli.Backup;
using McpQdrant.Server.Cli.Memories;
using McpQdrant.Server.Cli.Transfer;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Cli;

namespace McpQdrant.Tests.Security;

/// <summary>By what a caller is bound to a scope, and that each door keeps to it.</summary>
public sealed class ScopeDoorTests(TokenAuthority authority) : IClassFixture<TokenAuthority>
{
    [Fact]
    public async Task A_caller_of_the_access_file_meets_its_scope_in_tools_and_resources()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, Bound("anna"), Bound("bob"));
        var id = await StoreAsync(server, "anna", "the vault opens at nine");

        string[] answers =
        [
            (await CallAsync(server, "bob", "qdrant-find", new JsonObject { ["query"] = "vault" })).Body,
            (await CallAsync(server, "bob", "qdrant-find", new JsonObject { ["query"] = id })).Body,
            (await CallAsync(server, "bob", "qdrant-find", new JsonObject { ["metadata"] = new JsonObject { ["user"] = "anna" } })).Body,
            (await CallAsync(server, "bob", "qdrant-update", new JsonObject { ["id"] = id, ["information"] = "changed" })).Body,
            (await CallAsync(server, "bob", "qdrant-forget", new JsonObject { ["ids"] = new JsonArray(id) })).Body,
            (await CallAsync(server, "bob", "qdrant-forget", new JsonObject { ["filter"] = new JsonObject { ["must"] = new JsonArray(new JsonObject { ["key"] = "metadata.user", ["match"] = new JsonObject { ["value"] = "anna" } }) } })).Body,
            (await CallAsync(server, "bob", "qdrant-store", new JsonObject { ["information"] = "planted", ["metadata"] = new JsonObject { ["user"] = "anna" } })).Body,
            (await ReadAsync(server, "bob", $"memory://memories/{id}")).Body,
            (await ReadAsync(server, "bob", "memory://memories")).Body,
        ];

        Assert.All(answers, answer => Assert.DoesNotContain("opens at nine", answer, StringComparison.Ordinal));
        Assert.Contains("\\\"memories\\\":0", answers[^1].Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("opens at nine", (await CallAsync(server, "anna", "qdrant-find", new JsonObject { ["query"] = "vault" })).Body, StringComparison.Ordinal);
        Assert.Contains("opens at nine", (await ReadAsync(server, "anna", $"memory://memories/{id}")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", (await CallAsync(server, "anna", "qdrant-find", new JsonObject())).Body, StringComparison.Ordinal);
        Assert.True(server.Log.AuditLog.Count(line => line.Name == "refusal" && line.Text.StartsWith("bob ", StringComparison.Ordinal)) >= 5);
    }

    [Fact]
    public async Task A_gateway_says_for_whom_it_calls_and_nothing_without()
    {
        using var folder = new TemporaryFolder();
        var gateway = AccessServer.Entry("gateway", ["*"], read: true, write: true, forget: true);
        gateway["scope_headers"] = new JsonArray("user", "project");
        gateway["labels"] = new JsonObject { ["agent"] = "gate" };
        await using var server = await StartAsync(folder, gateway);
        await CallAsync(server, "gateway", "qdrant-store", new JsonObject { ["information"] = "the vault opens at nine" }, ("X-Memory-User", "anna"), ("X-Memory-Project", "atlas"));

        var own = await CallAsync(server, "gateway", "qdrant-find", new JsonObject(), ("x-memory-user", "anna"), ("X-Memory-Project", "atlas"));
        var others = await CallAsync(server, "gateway", "qdrant-find", new JsonObject(), ("X-Memory-User", "bob"), ("X-Memory-Project", "atlas"));
        var ofAnother = await CallAsync(server, "gateway", "qdrant-find", new JsonObject(), ("X-Memory-User", "anna"), ("X-Memory-Project", "borea"));
        var half = await CallAsync(server, "gateway", "qdrant-find", new JsonObject(), ("X-Memory-User", "anna"));
        var twice = await CallAsync(server, "gateway", "qdrant-find", new JsonObject(), ("X-Memory-User", "anna"), ("X-Memory-User", "bob"), ("X-Memory-Project", "atlas"));

        var metadata = own.Message.Structured().GetProperty("results")[0].GetProperty("metadata");
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"agent":"gate","user":"anna","project":"atlas"}"""), metadata), metadata.GetRawText());
        Assert.DoesNotContain("opens at nine", others.Body + ofAnother.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (half.Status, twice.Status));
        Assert.Contains("in the header X-Memory-Project", half.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_bound_by_its_claims()
    {
        await using var server = await AccessServer.StartAsync(
            ("MCP_OAUTH_AUTHORITY", authority.Issuer), ("MCP_OAUTH_AUDIENCE", TokenAttackTests.Audience), ("MCP_OAUTH_SCOPE_CLAIMS", "user=sub,project=team"));
        string Of(string user, params string[] teams) => authority.Token(claims =>
        {
            claims["sub"] = user;
            if (teams.Length > 0)
                claims["team"] = teams.Length == 1 ? teams[0] : teams;
        });
        await server.CallAsync("qdrant-store", new JsonObject { ["information"] = "the vault opens at nine" }, Of("anna", "atlas"));

        var own = await server.CallAsync("qdrant-find", [], Of("anna", "atlas"));
        var others = await server.CallAsync("qdrant-find", [], Of("bob", "atlas"));
        var without = await server.SendAsync(Messages.Call(1, "qdrant-find", []), Of("anna"));
        var several = await server.SendAsync(Messages.Call(1, "qdrant-find", []), Of("anna", "atlas", "borea"));

        Assert.Single(own.Structured().GetProperty("results").EnumerateArray());
        Assert.Empty(others.Structured().GetProperty("results").EnumerateArray());
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (without.Status, several.Status));
        Assert.Contains("it needs the claim 'team'", without.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_keep_to_the_scope_of_the_settings()
    {
        using var folder = new TemporaryFolder();
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(folder.File("data"));
        var id = Id((await RunAsync("anna", StoreCommand.Create(), "the vault opens at nine", "-c", "notes", "--json")).Output);
        var change = Change((await RunAsync("anna", UpdateCommand.Create(), id, "the vault opens at ten", "-c", "notes", "--json")).Output);
        await RunAsync("bob", StoreCommand.Create(), "a fish", "-c", "notes");
        await RunAsync("anna", ExportCommand.Create(), "-o", folder.File("anna.jsonl"));

        var exported = folder.File("bob.jsonl");
        CommandRun[] runs =
        [
            await RunAsync("bob", GetCommand.Create(), id, "-c", "notes"),
            await RunAsync("bob", FindCommand.Create(), "vault", "-c", "notes"),
            await RunAsync("bob", FindCommand.Create(), "vault", "--filter", """{"must":[{"key":"metadata.user","match":{"value":"anna"}}]}"""),
            .. await Task.WhenAll(ListCommands.Create().Where(command => command.Name is "recent" or "collections").Select(command => RunAsync("bob", command))),
            await RunAsync("bob", UpdateCommand.Create(), id, "changed", "-c", "notes"),
            await RunAsync("bob", ForgetCommand.Create(), id, "-c", "notes"),
            await RunAsync("bob", LogCommand.Create()),
            await RunAsync("bob", LogCommand.Create(), "--memory", id),
            await RunAsync("bob", UndoCommand.Create(), change, "--yes"),
            await RunAsync("bob", UndoCommand.Create(), "--since", "1h", "--yes"),
            await RunAsync("bob", PurgeCommand.Create(), "notes", "--ids", id, "--yes"),
            await RunAsync("bob", ImportCommand.Create(), folder.File("anna.jsonl"), "--on-conflict", "replace"),
            await RunAsync("bob", BackupCommand.Create(), folder.File("backup")),
            await RunAsync("bob", ExportCommand.Create(), "-o", exported),
        ];

        Assert.All(runs, run => Assert.DoesNotContain("vault opens", run.Output + run.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("vault", await File.ReadAllTextAsync(exported, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("a fish", await File.ReadAllTextAsync(exported, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("purge is about all memories", runs[^4].Error, StringComparison.Ordinal);
        Assert.Contains("the vault opens at ten", (await RunAsync("anna", GetCommand.Create(), id, "-c", "notes")).Output, StringComparison.Ordinal);

        Task<CommandRun> RunAsync(string user, Command command, params string[] arguments)
        {
            workshop.Settings["MEMORY_SCOPE"] = $"user={user}";
            return workshop.RunAsync(command, arguments);
        }

        static string Id(string output) => JsonElement.Parse(output).GetProperty("id").GetString()!;

        static string Change(string output) => JsonElement.Parse(output).GetProperty("change").GetString()!;
    }

    [Fact]
    public async Task Labels_are_filled_in_and_bound_nothing()
    {
        await using var host = await Server.Mcp.ToolHost.StartAsync(("MEMORY_LABELS", "agent=ci,user=anna"));
        await host.StoreAsync("the cat", """{"user": "bob"}""");
        await host.StoreAsync("the dog");

        var found = (await host.FindAsync("cat dog")).Results;

        Assert.Equal(
            ["""{"agent":"ci","user":"anna"}""", """{"user":"bob","agent":"ci"}"""],
            found.Select(hit => hit.GetProperty("metadata").GetRawText().Replace(" ", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static JsonObject Bound(string user)
    {
        var entry = AccessServer.Entry(user, ["*"], read: true, write: true, forget: true);
        entry["scope"] = new JsonObject { ["user"] = user };
        return entry;
    }

    private static async Task<AccessServer> StartAsync(TemporaryFolder folder, params JsonObject[] entries) =>
        await AccessServer.StartAsync(("MCP_ACCESS_FILE", folder.Write("access.json", AccessServer.File(entries))), ("MCP_RATE_LIMIT", "0"));

    private static async Task<string> StoreAsync(AccessServer server, string caller, string text) =>
        (await CallAsync(server, caller, "qdrant-store", new JsonObject { ["information"] = text })).Message.Structured().GetProperty("id").GetString()!;

    private static Task<HttpAnswer> CallAsync(AccessServer server, string caller, string tool, JsonObject arguments, params (string Name, string Value)[] headers) => server.SendAsync(
        Messages.Call(1, tool, arguments), AccessServer.KeyOf(caller), request => Array.ForEach(headers, header => request.Headers.TryAddWithoutValidation(header.Name, header.Value)));

    private static Task<HttpAnswer> ReadAsync(AccessServer server, string caller, string uri) => server.SendAsync(
        Messages.Request(1, "resources/read", new JsonObject { ["uri"] = uri }), AccessServer.KeyOf(caller));
}
