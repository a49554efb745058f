using System.Text.Json;
using McpQdrant.Server.Cli.Install;
using McpQdrant.Tests.Server.Cli;

namespace McpQdrant.Tests.Server.Install;

public sealed class InstallCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Clients => [.. ClientConfiguration.All.Select(client => client.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Each_client_gets_the_entry_and_loses_it_again(string client)
    {
        var file = _folder.File(client == "codex" ? "config.toml" : "settings.json");
        File.WriteAllText(file, client == "codex" ? "model = \"o\"\n" : $$$$"""{"{{{{ClientConfiguration.All.First(one => one.Name == client).Container}}}}": {"a": {"command": "x"}}}""");
        var before = File.ReadAllText(file);

        var shown = await RunAsync(client, file, "--dry-run");
        var untouched = File.ReadAllText(file);
        var installed = await RunAsync(client, file, "--env", "COLLECTION_NAME=notes");
        var after = File.ReadAllText(file);
        var again = await RunAsync(client, file, "--env", "COLLECTION_NAME=notes");
        var removed = await RunAsync(client, file, "--remove");
        var absent = await RunAsync(client, file, "--remove");

        Assert.All((CommandRun[])[shown, installed, again, removed, absent], run => Assert.Equal((0, ""), (run.Code, run.Error)));
        Assert.Equal(before, untouched);
        Assert.Contains("Nothing was changed.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("+ ", installed.Output, StringComparison.Ordinal);
        Assert.Contains("\"--transport\", \"stdio\"", after, StringComparison.Ordinal);
        Assert.Contains("notes", after, StringComparison.Ordinal);
        Assert.Contains("already", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(file));
        Assert.Contains("has no server", absent.Output, StringComparison.Ordinal);
        Assert.Equal([before, after], Directory.GetFiles(_folder.Path, "*.bak").Order(StringComparer.Ordinal).Select(File.ReadAllText));
    }

    [Fact]
    public async Task Without_a_file_one_is_made_and_no_copy()
    {
        var file = Path.Combine(_folder.Path, "new", "mcp.json");

        var installed = await RunAsync("vscode", file);

        Assert.Equal(0, installed.Code);
        Assert.Equal("stdio", JsonElement.Parse(File.ReadAllText(file)).GetProperty("servers").GetProperty("memory").GetProperty("type").GetString());
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task A_broken_file_is_left_as_it_is()
    {
        var file = _folder.Write("mcp.json", "{ \"mcpServers\": ");

        var run = await RunAsync("cursor", file);

        Assert.Equal(1, run.Code);
        Assert.Contains(file, run.Error, StringComparison.Ordinal);
        Assert.Equal("{ \"mcpServers\": ", File.ReadAllText(file));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("QDRANT_API_KEY=abc", "is a secret")]
    [InlineData("COLECTION_NAME=abc", "no setting")]
    [InlineData("abc", "NAME=VALUE")]
    public async Task A_setting_that_is_none_or_a_secret_is_refused(string variable, string sentence)
    {
        var run = await RunAsync("cursor", _folder.File("mcp.json"), "--env", variable);

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_link_stays_a_link_and_rights_stay_rights()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Links take rights on Windows.");
            return;
        }
        var real = _folder.Write("real.json", "{}");
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(_folder.File("link.json"), real);

        await RunAsync("cursor", _folder.File("link.json"));

        Assert.Equal(real, new FileInfo(_folder.File("link.json")).LinkTarget);
        Assert.Contains("mcpServers", File.ReadAllText(real), StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(_folder.Path, "real.json*"))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static Task<CommandRun> RunAsync(string client, string file, params string[] more) => CommandRun.OfAsync(InstallCommand.Create(), [client, "--config", file, .. more]);
}
