using McpQdrant.Server.Hosting;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

public sealed class PrecedenceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Load_prefers_command_line_then_environment_then_files_then_default()
    {
        var named = folder.Write("named.json", """{ "FASTMCP_PORT": 3, "MCP_LOG_FORMAT": "json" }""");
        var program = folder.Write("appsettings.json", """{ "FASTMCP_PORT": 4, "MCP_LOG_FORMAT": "text", "QDRANT_SEARCH_LIMIT": 7 }""");

        Assert.Equal((1, "command line"), PortOf([("--port", "1")], [("FASTMCP_PORT", "2"), ("MCP_SETTINGS", named)], program));
        Assert.Equal((2, "environment"), PortOf([], [("FASTMCP_PORT", "2"), ("MCP_SETTINGS", named)], program));
        Assert.Equal((3, "file"), PortOf([], [("FASTMCP_PORT", ""), ("MCP_SETTINGS", named)], program));
        Assert.Equal((4, "file"), PortOf([], [], program));
        Assert.Equal((null, "default"), PortOf([], [], "/nonexistent.json"));

        var both = Load.From([("--settings", named)], [], program);
        Assert.Equal(LogFormat.Json, both.Get(Settings.LogFormat));
        Assert.Equal(7, both.Get(Settings.SearchLimit));
        Assert.Equal($"QDRANT_SEARCH_LIMIT in {program}", both.Source(Settings.SearchLimit).Subject);
    }

    [Fact]
    public void Load_takes_the_first_synonym_that_is_set()
    {
        var values = Load.Environment(("FASTMCP_SERVER_PORT", "2"), ("FASTMCP_PORT", "1"), ("FASTMCP_SERVER_HOST", "127.0.0.2"), ("FASTMCP_HOST", ""));

        Assert.Equal(1, values.Get(Settings.Port));
        Assert.Equal("127.0.0.2", values.Get(Settings.Host));
        Assert.Equal("environment: FASTMCP_SERVER_HOST", values.Source(Settings.Host).ToString());
    }

    [Fact]
    public void Load_prefers_a_synonym_of_the_environment_to_the_first_name_in_a_file()
    {
        var program = folder.Write("appsettings.json", """{ "FASTMCP_PORT": 1 }""");

        Assert.Equal(2, PortOf([], [("FASTMCP_SERVER_PORT", "2")], program).Port);
    }

    [Theory]
    [InlineData("Qdrant__ApiKey")]
    [InlineData("QDRANT__API_KEY")]
    [InlineData("qdrant__apikey")]
    [InlineData("qdrant_api_key")]
    public void Load_takes_names_in_any_case_and_with_sections(string name) =>
        Assert.Equal("key", Load.Environment((name, "key"), ("QDRANT_URL", "http://q:6333")).Get(Settings.QdrantApiKey));

    [Fact]
    public void Load_takes_no_name_with_underscores_left_out_outside_of_sections() =>
        Assert.Null(Load.Environment(("QDRANT_APIKEY", "key")).Get(Settings.QdrantApiKey));

    public void Dispose() => folder.Dispose();

    private static (int? Port, string Place) PortOf((string, string)[] commandLine, (string, string)[] environment, string programFile)
    {
        var values = Load.From(commandLine, environment, programFile);
        return (values.Get(Settings.Port), values.Source(Settings.Port).Place);
    }
}
