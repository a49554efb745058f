using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Hosting.Configuration;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Server.Authentication;

public sealed class AccessFileTests : IDisposable
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly TemporaryFolder _folder = new();
    private readonly LogCapture _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parse_reads_what_a_caller_may()
    {
        var keys = AccessFileReader.Parse("""
            {"callers": [ // who
                {"name": "ann", "sha256": "2C26B46B68FFC68FF99B453C1D30413413422D706483BFA0F98A5E886266E7AE",
                 "collections": ["notes", "team-*"], "read": true, "forget": true, "tools": ["find", "qdrant-forget"], "rate": 60},
            ]}
            """u8);

        var caller = keys.Find(CallerKey.HashOf("foo"))!.Caller;
        Assert.Equal("ann", caller.Name);
        Assert.Equal(Rights.Read | Rights.Forget, caller.Rights);
        Assert.Equal(["notes", "team-*"], caller.Collections);
        Assert.Equal([ToolName.Find, ToolName.Forget], caller.Tools);
        Assert.Equal(60, caller.RequestsPerMinute);
        Assert.Null(keys.Find(CallerKey.HashOf("Foo")));
    }

    [Theory]
    [InlineData("", "it is not what it must be at line 1")]
    [InlineData("[]", "it is not what it must be at line 1")]
    [InlineData("null", "it has no list 'callers'")]
    [InlineData("{}", "it has no list 'callers'")]
    [InlineData("""{"callers": [null]}""", "caller 1 needs a 'name'")]
    [InlineData("""{"callers": [{"name": "a:b"}]}""", "caller 1 needs a 'name'")]
    [InlineData("""{"callers": [{"name": "a"}]}""", "the caller 'a' needs 'collections'")]
    [InlineData("""{"callers": [{"name": "default"}]}""", "the name 'default' of caller 1 is the server's own")]
    [InlineData("""{"callers": [{"name": "Anonymous"}]}""", "the name 'Anonymous' of caller 1 is the server's own")]
    [InlineData("""{"callers": [{"name": "local"}]}""", "the name 'local' of caller 1 is the server's own")]
    [InlineData("""{"callers": [{"name": "nobody"}]}""", "the name 'nobody' of caller 1 is the server's own")]
    [InlineData("""{"callers": [{"name": "a", "collections": [null]}]}""", "the caller 'a' needs 'collections'")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"]}]}""", "the caller 'a' needs 'sha256'")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "xyz"}]}""", "the caller 'a' needs 'sha256'")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "rate": -1}]}""", "the 'rate' of the caller 'a'")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "tools": ["drop"]}]}""", "the caller 'a' has a tool that there isn't")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "wirte": true}]}""", "it is not what it must be at line 1 ($.callers[0].wirte)")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "read": false, "read": true}]}""", "it is not what it must be at line 1")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH"}, {"name": "b", "collections": ["*"], "sha256": "HASH"}]}""", "the callers 'a' and 'b' have the same key")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "scope": {"team": "x"}}]}""", "'scope' of the caller 'a' names 'team'")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "scope": {"user": null}}]}""", "'scope' of the caller 'a' needs a value")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "labels": {"user": "a\nb"}}]}""", "'labels' of the caller 'a' needs a value")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "scope_headers": ["team"]}]}""", "'scope_headers' of the caller 'a' has 'team'")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "scope_headers": [null]}]}""", "'scope_headers' of the caller 'a' has ''")]
    [InlineData("""{"callers": [{"name": "a", "collections": ["*"], "sha256": "HASH", "scope": {"user": "a"}, "scope_headers": ["user"]}]}""", "'scope_headers' of the caller 'a' has 'user'")]
    [InlineData("""{"callers": [{"name": "a", "HASH": "b"}]}""", "it is not what it must be at line 1.")]
    [InlineData("""{"callers": {"mcpq_0123456789": {"name": "a"}}}""", "it is not what it must be at line 1 ($.callers).")]
    [InlineData("""{"mcpq_0123456789": {"name": "a"}}""", "it is not what it must be at line 1.")]
    public void Parse_refuses_in_a_sentence(string text, string reason)
    {
        var failure = Assert.Throws<AccessFileException>(() => AccessFileReader.Parse(System.Text.Encoding.UTF8.GetBytes(text.Replace("HASH", Hash, StringComparison.Ordinal))));

        Assert.StartsWith(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Hash, failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_change_counts_at_once_and_a_broken_file_keeps_the_last_good_one_and_says_so_once()
    {
        var file = Open(AccessServer.Entry("ann", ["*"], read: true));

        Write(AccessServer.Entry("bob", ["*"], read: true));
        Assert.Null(Find(file, "ann"));
        Assert.Equal("bob", Find(file, "bob")?.Name);

        File.WriteAllText(_folder.File("access.json"), "{\"callers\": [");
        Assert.Equal("bob", Find(file, "bob")?.Name);
        Assert.Equal("bob", Find(file, "bob")?.Name);
        var told = Assert.Single(_log.Events, entry => entry.Level == LogLevel.Error);
        Assert.Matches("can't be used: it is not what it must be at line 1.*\\. The callers stay as they were", told.Text);

        File.Delete(_folder.File("access.json"));
        Assert.Equal("bob", Find(file, "bob")?.Name);

        Write(AccessServer.Entry("cleo", ["*"], read: true));
        Assert.Null(Find(file, "bob"));
        Assert.Equal("cleo", Find(file, "cleo")?.Name);
    }

    /// <summary>As Kubernetes exchanges what it mounts: the file's name stays, and a link above it changes.</summary>
    [Fact]
    public void A_link_that_leads_elsewhere_is_a_change()
    {
        foreach (var name in new[] { "ann", "bob" })
            File.WriteAllText(_folder.File($"{name}.json"), AccessServer.File(AccessServer.Entry(name, ["*"], read: true)));
        File.CreateSymbolicLink(_folder.File("access.json"), _folder.File("ann.json"));
        File.SetLastWriteTimeUtc(_folder.File("bob.json"), DateTime.UtcNow.AddDays(-1));
        var file = new AccessFile(_folder.File("access.json"), _log.CreateLogger<AccessFile>());

        File.Delete(_folder.File("access.json"));
        File.CreateSymbolicLink(_folder.File("access.json"), _folder.File("bob.json"));

        Assert.Null(Find(file, "ann"));
        Assert.Equal("bob", Find(file, "bob")?.Name);
    }

    [Fact]
    public async Task A_broken_file_stops_the_start()
    {
        File.WriteAllText(_folder.File("access.json"), "{}");

        var failure = await Assert.ThrowsAsync<InvalidSettingsException>(() => AccessServer.StartAsync(("MCP_ACCESS_FILE", _folder.File("access.json"))));

        Assert.Equal($"MCP_ACCESS_FILE names {_folder.File("access.json")}, which can't be used: it has no list 'callers'.", failure.Message);
    }

    private static Caller? Find(AccessFile file, string name) => file.Current.Find(CallerKey.HashOf(AccessServer.KeyOf(name)))?.Caller;

    private AccessFile Open(params System.Text.Json.Nodes.JsonObject[] entries)
    {
        Write(entries);
        return new AccessFile(_folder.File("access.json"), _log.CreateLogger<AccessFile>());
    }

    private void Write(params System.Text.Json.Nodes.JsonObject[] entries) => File.WriteAllText(_folder.File("access.json"), AccessServer.File(entries));
}
