using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Deployment;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Security;

/// <summary>What docs/security.md promises holds.</summary>
public sealed partial class SecurityPageTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Repository.File("docs/security.md"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>By the groups of the table of settings, so that a new one is not forgotten.</summary>
    [Fact]
    public void Each_setting_about_access_and_limits_is_in_its_table()
    {
        var table = Page.Split("## What each setting defends")[1].Split("\n## ")[0];

        Assert.All(
            Settings.Groups.Where(group => group.Title is "Access" or "Limits").SelectMany(group => group.Settings),
            setting => Assert.Contains($"`{setting.Name}`", table, StringComparison.Ordinal));
    }

    [Fact]
    public void No_secret_is_taken_from_the_command_line() =>
        Assert.All(Settings.All.Where(setting => setting.IsSecret), setting => Assert.Null(setting.Option));

    [Fact]
    public void The_entry_of_a_caller_is_one()
    {
        var hash = Convert.ToHexStringLower(CallerKey.HashOf("key"));

        var keys = AccessFileReader.Parse(Encoding.UTF8.GetBytes(Block("json").Replace("…", hash, StringComparison.Ordinal)));

        Assert.Equal("ci-bot", keys.Find(CallerKey.HashOf("key"))?.Caller.Name);
    }

    [Fact]
    public async Task The_hardened_example_keeps_out_whom_it_says()
    {
        await using var server = await StartHardenedAsync();

        var byAnotherName = await CallAsync("ann", host: "memory.evil.example");
        var withoutKey = await CallAsync(caller: null);
        var withKey = await CallAsync("ann");

        Assert.Equal(HttpStatusCode.Forbidden, byAnotherName.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, withoutKey.Status);
        Assert.Equal(["qdrant-find", "qdrant-store"], withKey.Message.Result().GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()).Order());

        Task<HttpAnswer> CallAsync(string? caller, string host = "memory.example.com") =>
            server.SendAsync(Messages.Request(1, "tools/list"), caller is null ? null : AccessServer.KeyOf(caller), request => request.Headers.Host = host);
    }

    [Fact]
    public async Task The_hardened_example_gives_each_caller_collections_of_its_own()
    {
        await using var server = await StartHardenedAsync();

        await server.CallAsync("qdrant-store", new() { ["information"] = "The vault opens at nine.", ["collection_name"] = "notes" }, AccessServer.KeyOf("ann"));
        var own = await server.SendAsync(Messages.Find(1, "vault"), AccessServer.KeyOf("ann"));
        var others = await server.SendAsync(Messages.Find(1, "vault"), AccessServer.KeyOf("bob"));

        Assert.Contains("opens at nine", own.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("opens at nine", others.Body, StringComparison.Ordinal);
    }

    /// <summary>As the audit's paragraph says; a server whose changes must be written down is not run with less.</summary>
    [Theory]
    [InlineData("INFO", true)]
    [InlineData("WARNING", false)]
    public async Task Changes_are_logged_at_INFO(string level, bool isLogged)
    {
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?>
        {
            ["QDRANT_URL"] = ":memory:",
            ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel,
            ["FASTMCP_LOG_LEVEL"] = level,
        });

        await server.CallAsync(Messages.Store(1, "x"));
        await server.CallAsync(Messages.Call(2, "qdrant-update", new() { ["id"] = "1", ["information"] = "y", ["collection_name"] = "notes" }));
        server.Process.Signal(System.Runtime.InteropServices.PosixSignal.SIGTERM);
        await server.Process.WaitForExitAsync();

        Assert.Equal(isLogged, server.Process.Errors.Contains("qdrant-store notes", StringComparison.Ordinal));
        Assert.Contains("qdrant-update notes", server.Process.Errors, StringComparison.Ordinal);   // it failed
    }

    /// <summary>The example as it stands, but for the places of its files, the store, and the port.</summary>
    private Task<AccessServer> StartHardenedAsync()
    {
        var file = _folder.Write("access.json", AccessServer.File(
            AccessServer.Entry("ann", ["*"], read: true, write: true, forget: true), AccessServer.Entry("bob", ["*"], read: true, write: true)));
        string[] replaced = ["FASTMCP_HOST", "MCP_ACCESS_FILE", "QDRANT_URL", "QDRANT_API_KEY_FILE"];
        var example = Exports().Matches(Block("sh", after: "## A hardened example")).Select(match => (match.Groups[1].Value, match.Groups[2].Value.Trim('\''))).ToArray();

        Assert.All(replaced, name => Assert.Contains(example, setting => setting.Item1 == name));
        return AccessServer.StartAsync(
            [.. example.Where(setting => !replaced.Contains(setting.Item1)), ("MCP_ACCESS_FILE", file), ("EMBEDDING_MODEL_PATH", Watched.TinyModel)]);
    }

    private static string Block(string language, string after = "") =>
        Page[Page.IndexOf(after, StringComparison.Ordinal)..].Split($"```{language}\n")[1].Split("```")[0];

    [GeneratedRegex("^export ([A-Z_]+)=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Exports();
}
