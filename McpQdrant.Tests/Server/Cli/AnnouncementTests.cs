using System.Text.Json;
using McpQdrant.Server.Cli;
using McpQdrant.Tests.Server.Configuration;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>What a person pastes into a client must let the client in, and must not put the key into a log.</summary>
public sealed class AnnouncementTests
{
    private const string Key = "s3cret-key";

    [Theory]
    [InlineData("MCP_API_KEY", Key)]
    [InlineData("MCP_API_KEY_FILE", null)]
    [InlineData("MCP_ACCESS_FILE", null)]
    public void Text_has_the_header_of_the_key_where_one_is_wanted(string setting, string? value)
    {
        using var folder = new TemporaryFolder();

        var text = Announce("http://127.0.0.1:8000", ("MCP_TRANSPORT", "http"), (setting, value ?? folder.Write("file", Key)));

        Assert.Equal("Bearer YOUR_KEY", Memory(text).GetProperty("headers").GetProperty("Authorization").GetString());
        Assert.Contains("In place of YOUR_KEY put", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_asks_for_no_header_where_there_is_no_key()
    {
        var text = Announce("http://127.0.0.1:8000", ("MCP_TRANSPORT", "http"));

        Assert.False(Memory(text).TryGetProperty("headers", out _));
        Assert.DoesNotContain("YOUR_KEY", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http", "http://127.0.0.1:8000", "http://127.0.0.1:8000/mcp")]
    [InlineData("sse", "http://127.0.0.1:8000", "http://127.0.0.1:8000/sse")]
    [InlineData("http", "http://0.0.0.0:8000", "http://127.0.0.1:8000/mcp")]
    [InlineData("http", "http://[::]:8000", "http://127.0.0.1:8000/mcp")]
    [InlineData("http", "http://[::1]:8000", "http://[::1]:8000/mcp")]
    public void Text_names_an_address_that_can_be_connected_to(string transport, string listening, string url) =>
        Assert.Equal(url, Memory(Announce(listening, ("MCP_TRANSPORT", transport))).GetProperty("url").GetString());

    private static string Announce(string address, params (string Name, string Text)[] variables) => Announcement.Text([address], Load.Environment(variables));

    /// <summary>The entry of the snippet, which must be JSON.</summary>
    private static JsonElement Memory(string text) =>
        JsonElement.Parse(text.Split('\n').Single(line => line.TrimStart().StartsWith('{'))).GetProperty("mcpServers").GetProperty("memory");
}
