using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

/// <summary>Clients start the server without a shell: what a shell would have expanded means the same here, or is refused. No folder of that name is made.</summary>
public sealed class PathFormatsTests
{
    private static readonly string Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    [Theory]
    [InlineData("~")]
    [InlineData("$HOME")]
    [InlineData("${HOME}")]
    [InlineData("${env:HOME}")]
    [InlineData("${userHome}")]
    public void Absolute_expands_the_users_home(string home)
    {
        Assert.Equal(Home, PathFormats.Absolute(home));
        Assert.Equal(Path.Combine(Home, "memory"), PathFormats.Absolute($" {home}/memory "));
    }

    [Fact]
    public void Absolute_expands_variables_that_are_set()
    {
        Environment.SetEnvironmentVariable("MCP_TEST_PATH", "/srv/data");

        Assert.Equal(Path.GetFullPath("/srv/data/a"), PathFormats.Absolute("$MCP_TEST_PATH/a"));
        Assert.Equal(Path.GetFullPath("/srv/data/a"), PathFormats.Absolute("%MCP_TEST_PATH%/a"));
    }

    [Theory]
    [InlineData("file:///srv/my%20memory", "/srv/my memory")]
    [InlineData("file://localhost/srv/memory", "/srv/memory")]
    [InlineData("FILE:///srv/memory", "/srv/memory")]
    [InlineData("/srv/5$", "/srv/5$")]
    [InlineData("/srv/100%", "/srv/100%")]
    [InlineData("/srv/a~b", "/srv/a~b")]
    public void Absolute_takes_paths_and_addresses_of_files(string text, string path) => Assert.Equal(Path.GetFullPath(path), PathFormats.Absolute(text));

    [Theory]
    [InlineData("${workspaceFolder}/memory")]
    [InlineData("${workspaceFolder:api}/memory")]
    [InlineData("${input:path}")]
    [InlineData("${user_config.path}")]
    [InlineData("$MCP_NO_SUCH_VARIABLE/memory")]
    [InlineData("%MCP_NO_SUCH_VARIABLE%/memory")]
    [InlineData("$(pwd)/memory")]
    [InlineData("`pwd`/memory")]
    [InlineData("{{path}}/memory")]
    [InlineData("~somebody/memory")]
    [InlineData("file:memory")]
    [InlineData("file://server/share")]
    [InlineData("file:///srv/memory?mode=ro")]
    [InlineData("http://localhost:6333")]
    [InlineData("sqlite:///srv/memory.db")]
    public void Absolute_refuses_what_has_no_certain_meaning(string text)
    {
        var error = Load.Error(("QDRANT_LOCAL_PATH", text));

        Assert.StartsWith("QDRANT_LOCAL_PATH: ", error, StringComparison.Ordinal);
        Assert.Contains($"'{text}'", error, StringComparison.Ordinal);
        Assert.Contains("path", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("QDRANT_CA_FILE")]
    [InlineData("MCP_ACCESS_FILE")]
    [InlineData("EMBEDDING_MODEL_PATH")]
    [InlineData("MCP_SETTINGS")]
    [InlineData("QDRANT_API_KEY_FILE")]
    public void Absolute_reads_every_path_of_the_settings(string setting) =>
        Assert.Contains("'${workspaceFolder}'", Assert.Single(Load.Errors((setting, "${workspaceFolder}/x"))), StringComparison.Ordinal);

    [Fact]
    public void PathFormat_refuses_a_file_where_a_folder_is_wanted()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("memories", "");

        Assert.Equal($"QDRANT_LOCAL_PATH: '{file}' is a file. Name the folder that holds the memories.", Load.Error(("QDRANT_LOCAL_PATH", file)));
    }
}
