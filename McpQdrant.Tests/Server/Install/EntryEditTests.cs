using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Cli.Install;

namespace McpQdrant.Tests.Server.Install;

/// <summary>Whatever a person or another program wrote into a configuration stays, byte for byte; only our entry comes and goes.</summary>
public sealed class EntryEditTests
{
    private static readonly ServerEntry Entry = new("/opt/mcp \"x\"/mcp-server-qdrant", ["--transport", "stdio"], [("COLLECTION_NAME", "notes")], HasType: true);

    private static readonly ServerEntry Other = Entry with { Command = "/other", Environment = [], HasType = false };

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static TheoryData<string> Jsons =>
    [
        "{}", "{\n}\n", "", "  \n", """{"mcpServers":{"a":{"command":"x"}}}""",
        "{\n  \"mcpServers\": {}\n}\n",
        "{\n  \"mcpServers\": {\n    \"a\": { \"command\": \"x\" }\n  },\n  \"theme\": \"dark\"\n}\n",
        "{\r\n\t\"theme\": \"dark\",\r\n\t\"mcpServers\": {\r\n\t\t\"a\": {\r\n\t\t\t\"command\": \"x\"\r\n\t\t}\r\n\t}\r\n}\r\n",
        "// mine\n{\n    // servers\n    \"mcpServers\": { // of all kinds\n        \"a\": { \"command\": \"x\" }, // the first\n        /* the second, with a } */\n        \"b\": { \"command\": \"y\", \"args\": [\"//\", \"/*\"] }, // trailing, comma\n    },\n    \"other\": [1, 2,], // end\n}\n",
        "{\n  \"mcpServers\": {\n    // nothing yet\n  }\n}\n",
        "{ \"x\": \"mcpServers\", \"deep\": { \"mcpServers\": { \"memory\": 1 } }, \"mcpServers\": {\"ü\": {\"command\": \"ß\"}} }",
        "{\n  \"mcpServers\": {\n    \"a\": { \"command\": \"x\" } // the only one\n  }\n}",
    ];

    [Theory]
    [MemberData(nameof(Jsons))]
    public void An_entry_is_added_replaced_and_removed_and_all_else_stays(string text)
    {
        var added = Set(text, Entry);
        var replaced = Set(added, Other);
        var removed = new JsonEntryEdit(replaced, "mcpServers", "memory").Remove()!;

        Assert.Equal(Entry.Command, Parse(added).GetProperty("mcpServers").GetProperty("memory").GetProperty("command").GetString());
        Assert.Equal("/other", Parse(replaced).GetProperty("mcpServers").GetProperty("memory").GetProperty("command").GetString());
        Assert.Equal(added, Set(added, Entry));
        Assert.Equal(added, Set(replaced, Entry));
        // Where there were other servers before, nothing at all is left of ours.
        if (HasOthers(text))
            Assert.Equal(text, removed);
        else
            Assert.Equal(Shape(text), Shape(removed));
        Assert.Null(new JsonEntryEdit(removed, "mcpServers", "memory").Remove());
    }

    [Fact]
    public void What_stands_behind_our_entry_stays_when_it_goes()
    {
        var text = "{\n  \"mcpServers\": {\n    \"memory\": { \"command\": \"x\" },\n    \"b\": { \"command\": \"y\" } // b\n  }\n}\n";

        var removed = new JsonEntryEdit(text, "mcpServers", "memory").Remove();

        Assert.Equal("{\n  \"mcpServers\": {\n    \"b\": { \"command\": \"y\" } // b\n  }\n}\n", removed);
    }

    [Theory]
    [InlineData("{\n  \"mcpServers\": {\n    \"a\": {\n  }\n", "line 5")]
    [InlineData("{\"mcpServers\": {}} x", "line 1")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("{\"mcpServers\": [1]}", "is no object")]
    [InlineData("{\"mcpServers\": {}, \"mcpServers\": {}}", "more than once")]
    public void A_broken_file_is_refused_with_the_place(string text, string sentence)
    {
        Assert.Contains(sentence, Assert.Throws<MemoryException>(() => Set(text, Entry)).Message, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", Assert.Throws<MemoryException>(() => Set(text, Entry)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Tomls =>
    [
        "", "model = \"o\"\n", "model = \"o\"", "# mine\r\nmodel = \"o\"\r\n\r\n[mcp_servers.a]\r\ncommand = \"x\" # one\r\n",
        "notify = [\n  \"a\", # [mcp_servers.memory]\n  \"b]\",\n]\ntext = \"\"\"\n[mcp_servers.memory]\ncommand = \"no\"\n\"\"\"\n\n[profiles.\"x.y\"]\nmodel = 'q'\n\n[[list]]\na = { b = 1 }\n",
    ];

    [Theory]
    [MemberData(nameof(Tomls))]
    public void A_table_is_added_replaced_and_removed_and_all_else_stays(string text)
    {
        var added = SetToml(text, Entry);
        var replaced = SetToml(added, Other);
        var removed = new TomlEntryEdit(replaced, "mcp_servers", "memory").Remove()!;

        Assert.StartsWith(text.TrimEnd('\r', '\n'), added, StringComparison.Ordinal);
        Assert.Contains("command = \"/opt/mcp \\\"x\\\"/mcp-server-qdrant\"", added, StringComparison.Ordinal);
        Assert.Contains("env = { COLLECTION_NAME = \"notes\" }", added, StringComparison.Ordinal);
        Assert.Equal(added, SetToml(added, Entry));
        Assert.Equal(added, SetToml(replaced, Entry));
        Assert.Equal(text.TrimEnd('\r', '\n'), removed.TrimEnd('\r', '\n'));
        Assert.Null(new TomlEntryEdit(removed, "mcp_servers", "memory").Remove());
    }

    [Fact]
    public void A_table_between_others_goes_with_the_tables_below_it()
    {
        var text = "a = 1\n\n[mcp_servers.memory]\ncommand = \"x\"\n\n[mcp_servers.memory.env]\nA = \"b\"\n\n# the other\n[mcp_servers.other]\ncommand = \"y\"\n";

        var removed = new TomlEntryEdit(text, "mcp_servers", "memory").Remove();

        Assert.StartsWith("a = 1\n", removed, StringComparison.Ordinal);
        Assert.EndsWith("\n# the other\n[mcp_servers.other]\ncommand = \"y\"\n", removed, StringComparison.Ordinal);
        Assert.DoesNotContain("memory", removed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = 1\n[x\n", "line 2")]
    [InlineData("just words\n", "line 1")]
    [InlineData("a = \"\"\"\nnever closed\n", "no valid TOML")]
    [InlineData("mcp_servers = { memory = { command = \"x\" } }\n", "line 1")]
    [InlineData("[mcp_servers]\nmemory.command = \"x\"\n", "line 2")]
    public void A_file_that_is_broken_or_written_otherwise_is_refused(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<MemoryException>(() => SetToml(text, Entry)).Message, StringComparison.Ordinal);

    private static string Set(string text, ServerEntry entry) => new JsonEntryEdit(text, "mcpServers", "memory").Set(entry.ToJson);

    private static string SetToml(string text, ServerEntry entry)
    {
        var edit = new TomlEntryEdit(text, "mcp_servers", "memory");
        return edit.Set(newLine => entry.ToToml(edit.Header, newLine));
    }

    private static JsonElement Parse(string text) => JsonElement.Parse(text, Lenient);

    private static bool HasOthers(string text) =>
        text.Trim().Length > 0 && Parse(text).TryGetProperty("mcpServers", out var servers) && servers.EnumerateObject().Any();

    /// <summary>Without blanks, and without an object of servers that is empty.</summary>
    private static string Shape(string text)
    {
        var shape = string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))).Replace("\"mcpServers\":{}", "", StringComparison.Ordinal);
        return shape.Length == 0 ? "{}" : shape;
    }
}
