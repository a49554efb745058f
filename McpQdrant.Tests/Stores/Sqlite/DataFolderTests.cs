using McpQdrant.Stores.Sqlite.Files;

namespace McpQdrant.Tests.Stores.Sqlite;

public sealed class DataFolderTests
{
    [Fact]
    public void Default_is_a_folder_of_this_server_among_the_users_data()
    {
        var folder = DataFolder.Default();

        Assert.True(Path.IsPathFullyQualified(folder));
        Assert.Equal("mcp-server-qdrant", Path.GetFileName(folder));
    }
}
