using System.CommandLine;
using System.Text.Json;
using McpQdrant.Server.Cli.Memories;
using McpQdrant.Tests.Server.Authentication;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>Commands ask a running server, under its keys and its policy, and print what they print of the store itself.</summary>
public sealed class RemoteCommandTests : IAsyncLifetime
{
    private const string Key = "a-key-of-a-person-at-a-terminal";

    private readonly TemporaryFolder _folder = new();
    private AccessServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AccessServer.StartAsync(("MCP_API_KEY", Key));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Memory_is_stored_found_read_changed_and_forgotten()
    {
        var stored = await RunAsync(StoreCommand.Create(), "The key rotates on Mondays.", "-c", "notes", "-m", """{"project":"atlas"}""", "--json");
        var id = JsonElement.Parse(stored.Output).GetProperty("id").GetString()!;
        Assert.StartsWith(id, (await RunAsync(FindCommand.Create(), "when does it rotate?", "-c", "notes")).Output, StringComparison.Ordinal);
        Assert.Contains("rotates on Mondays", (await RunAsync(List("recent"))).Output, StringComparison.Ordinal);
        Assert.Contains("notes", (await RunAsync(List("collections"))).Output, StringComparison.Ordinal);

        var updated = await RunAsync(UpdateCommand.Create(), id, "The key rotates on Tuesdays.", "-c", "notes", "-m", """{"project":null,"checked":true}""");
        Assert.True(updated.Code == 0, updated.Error);
        var got = JsonElement.Parse((await RunAsync(GetCommand.Create(), id, "-c", "notes", "--json")).Output);
        Assert.Equal("The key rotates on Tuesdays.", got.GetProperty("text").GetString());
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"checked":true}"""), got.GetProperty("metadata")));
        Assert.Equal(2, got.GetProperty("revision").GetInt32());

        Assert.Contains("Forgot 1 memory", (await RunAsync(ForgetCommand.Create(), id, "-c", "notes")).Output, StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync(ForgetCommand.Create(), id, "-c", "notes")).Code);
    }

    [Fact]
    public async Task Filter_is_shown_before_it_deletes()
    {
        await RunAsync(StoreCommand.Create(), "one", "-c", "notes", "-m", """{"draft":true}""");
        await RunAsync(StoreCommand.Create(), "two", "-c", "notes");
        string[] filter = ["-c", "notes", "--filter", """{"must":[{"key":"metadata.draft","match":{"value":true}}]}"""];

        var asked = await RunAsync(ForgetCommand.Create(), filter);
        var done = await RunAsync(ForgetCommand.Create(), [.. filter, "--yes"]);

        Assert.Equal(1, asked.Code);
        Assert.Contains("one", asked.Error, StringComparison.Ordinal);
        Assert.Contains("Forgot 1 memory", done.Output, StringComparison.Ordinal);
        Assert.Single((await RunAsync(List("list"), "-c", "notes", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task What_the_server_refuses_is_a_sentence()
    {
        Assert.Contains("There is no memory", (await RunAsync(GetCommand.Create(), Guid.NewGuid().ToString(), "-c", "notes")).Error, StringComparison.Ordinal);
        Assert.Contains("--force", (await RunAsync(StoreCommand.Create(), "x", "-c", "notes", "--force")).Error, StringComparison.Ordinal);
        Assert.Contains("at most 50", (await RunAsync(List("list"), "-c", "notes", "--limit", "51")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another-key", "wants a key, or another one")]
    [InlineData("", "There is no key in")]
    [InlineData("two\nlines", "There is no key in")]
    [InlineData(null, "The key can't be read")]
    public async Task Wrong_key_is_a_sentence(string? key, string sentence)
    {
        var file = key is null ? _folder.File("missing") : _folder.Write("key", key);

        var run = await CommandRun.OfAsync(FindCommand.Create(), "x", "--server", _server.Address.ToString(), "--key-file", file);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:8000", "--server takes the address of a server")]
    [InlineData("http://anna:secret@localhost:8000", "--server takes the address of a server")]
    [InlineData("http://127.0.0.1:9", "Nothing answers at http://127.0.0.1:9/mcp")]
    public async Task Wrong_address_is_a_sentence(string address, string sentence)
    {
        var run = await CommandRun.OfAsync(FindCommand.Create(), "x", "--server", address);

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_server_of_memories_is_a_sentence()
    {
        var run = await CommandRun.OfAsync(FindCommand.Create(), "x", "--server", new Uri(_server.Address, "/nowhere").ToString(), "--key-file", _folder.Write("key", Key));

        Assert.Equal(1, run.Code);
        Assert.Contains("Is it the address of an MCP endpoint", run.Error, StringComparison.Ordinal);
    }

    private static Command List(string name) => ListCommands.Create().Single(command => command.Name == name);

    private Task<CommandRun> RunAsync(Command command, params string[] arguments) =>
        CommandRun.OfAsync(command, [.. arguments, "--server", _server.Address.ToString(), "--key-file", _folder.Write("key", $"{Key}\n")]);
}
