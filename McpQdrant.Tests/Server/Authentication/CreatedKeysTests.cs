using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Cli;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Server.Authentication;

/// <summary><c>--create-keys</c>, by which compose needs no step before it.</summary>
public sealed class CreatedKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CreatedKeysTests() => Directory.CreateDirectory(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Server_that_creates_its_key_serves_whoever_sends_it_and_shows_it()
    {
        var key = _folder.File("mcp_api_key");
        await using var server = ServerProcess.Start(["--create-keys", "--transport", "stdio"], new Dictionary<string, string?> { ["MCP_API_KEY_FILE"] = key });
        server.CloseInput();
        Assert.Equal(0, await server.WaitForExitAsync());

        await using var show = ServerProcess.Start(["key", "show"], new Dictionary<string, string?> { ["MCP_API_KEY_FILE"] = key });

        var text = File.ReadAllText(key).TrimEnd('\n');
        Assert.Equal([text], await show.ReadToEndAsync());
        Assert.Equal(43, text.Length);
        Assert.Contains($"There is a new key in {key}; `mcp-server-qdrant key show` prints it.", server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(text, server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateKeys_leaves_a_key_that_is_there()
    {
        File.WriteAllText(_folder.File("mcp_api_key"), "chosen");

        var output = Create(("MCP_API_KEY_FILE", _folder.File("mcp_api_key")), ("QDRANT_API_KEY_FILE", _folder.File("qdrant_api_key")));

        Assert.Equal("chosen", File.ReadAllText(_folder.File("mcp_api_key")));
        Assert.Equal($"There is a new key in {_folder.File("qdrant_api_key")}.\n", output);
    }

    [Fact]
    public void CreateKeys_lets_Qdrant_read_its_own_key_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights.");
#pragma warning disable CA1416 // asked in the line above

        Create(("MCP_API_KEY_FILE", _folder.File("mcp_api_key")), ("QDRANT_API_KEY_FILE", _folder.File("qdrant_api_key")));

        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(_folder.File("mcp_api_key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(_folder.File("qdrant_api_key")));
        Assert.NotEqual(File.ReadAllText(_folder.File("mcp_api_key")), File.ReadAllText(_folder.File("qdrant_api_key")));
#pragma warning restore CA1416
    }

    [Fact]
    public void Create_by_several_at_once_makes_one_key_and_leaves_nothing_beside_it()
    {
        var path = _folder.File("key");

        var created = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(16).Select(_ => KeyFile.Create(path, UnixFileMode.UserRead)).ToList();

        Assert.Contains(true, created);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void CreateKeys_in_a_folder_that_is_not_there_says_so()
    {
        var refused = Assert.Throws<InvalidSettingsException>(() => Create(("MCP_API_KEY_FILE", _folder.File("none/key"))));

        Assert.StartsWith($"MCP_API_KEY_FILE: no key can be made in '{_folder.File("none/key")}': Could not find a part of the path", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateKeys_without_a_file_says_which_to_name()
    {
        var refused = Assert.Throws<InvalidSettingsException>(() => Create());

        Assert.Equal("--create-keys makes the keys in the files that MCP_API_KEY_FILE and QDRANT_API_KEY_FILE name, and neither is set. Set one.", refused.Message);
    }

    private static string Create(params (string Name, string Value)[] variables)
    {
        using var error = new StringWriter();
        KeyFileOption.CreateKeys(variables.ToDictionary(variable => variable.Name, variable => variable.Value), error);
        return error.ToString();
    }
}
