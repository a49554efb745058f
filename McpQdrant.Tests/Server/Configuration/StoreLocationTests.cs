using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Hosting.Configuration.Loading;

namespace McpQdrant.Tests.Server.Configuration;

public sealed class StoreLocationTests
{
    [Fact]
    public void From_is_the_users_data_folder_where_nothing_is_set()
    {
        var values = Load.Environment();

        var folder = Assert.IsType<StoreLocation.Folder>(StoreLocation.From(values));
        Assert.True(Path.IsPathRooted(folder.Path));
        Assert.Equal("mcp-server-qdrant", Path.GetFileName(folder.Path));
        Assert.Equal(folder.Path, values.Show(Settings.LocalPath));
    }

    [Fact]
    public void From_takes_the_rest_endpoint_and_key_that_aspire_injects()
    {
        var values = Load.Environment(
            ("ConnectionStrings__qdrant", "Endpoint=http://q:6334;Key=s3cret"), ("ConnectionStrings__qdrant_http", "Endpoint=http://q:32768;Key=s3cret"));

        Assert.Equal(new StoreLocation.Server(new Uri("http://q:32768")), StoreLocation.From(values));
        Assert.Equal("s3cret", values.Get(Settings.QdrantApiKey));
        Assert.Equal("environment: ConnectionStrings__qdrant_http", values.Source(Settings.QdrantUrl).ToString());
        Assert.Equal("http://q:32768", values.Show(Settings.QdrantUrl));
    }

    [Fact]
    public void From_takes_the_rest_address_beside_a_grpc_endpoint()
    {
        var values = Load.Environment(
            ("ConnectionStrings__qdrant", "Endpoint=http://q:6334;Key=s3cret"), ("QDRANT_HTTPURI", "https://q.internal"), ("QDRANT_HTTPPORT", "443"));

        Assert.Equal(new StoreLocation.Server(new Uri("https://q.internal")), StoreLocation.From(values));
        Assert.Equal("s3cret", values.Get(Settings.QdrantApiKey));
    }

    [Fact]
    public void From_prefers_what_is_set_to_what_is_injected()
    {
        var values = Load.Environment(("ConnectionStrings__qdrant_http", "Endpoint=http://q:6333;Key=injected"), ("QDRANT_URL", "http://other:6333"));

        Assert.Equal(new StoreLocation.Server(new Uri("http://other:6333")), StoreLocation.From(values));
        Assert.Null(values.Get(Settings.QdrantApiKey));
    }

    [Fact]
    public void From_keeps_a_key_that_is_set_beside_an_injected_endpoint() =>
        Assert.Equal(
            "mine",
            Load.Environment(("ConnectionStrings__qdrant_http", "Endpoint=http://q:6333;Key=injected"), ("QDRANT_API_KEY", "mine")).Get(Settings.QdrantApiKey));

    [Theory]
    [InlineData("http://one:6333, https://two ,localhost")]
    [InlineData("""["http://one:6333", "https://two", "localhost"]""")]
    public void From_takes_several_addresses_in_their_order(string list)
    {
        var values = Load.Environment(("QDRANT_URL", list));

        var server = Assert.IsType<StoreLocation.Server>(StoreLocation.From(values));
        Assert.Equal(new Uri("http://one:6333"), server.Url);
        Assert.Equal([new Uri("https://two:6333"), new Uri("http://localhost:6333")], server.Others);
        Assert.Equal("http://one:6333, https://two:6333, http://localhost:6333", server.ToString());
    }

    /// <summary>The working directory is another one at each start, and memories would be lost with it.</summary>
    [Theory]
    [InlineData("", "HOME is not set")]
    [InlineData(".local/share", "'.local/share' is no absolute path")]
    public void Complete_asks_for_a_folder_where_the_user_has_none(string userData, string reason)
    {
        var values = Settings.All.ToDictionary(setting => setting, setting => new SettingValue(null, null, SettingSource.Default));

        var complaint = StoreChoice.Complete(values, userData);

        Assert.Contains(reason, complaint, StringComparison.Ordinal);
        Assert.EndsWith("Set QDRANT_LOCAL_PATH to a folder.", complaint, StringComparison.Ordinal);
        Assert.Null(values[Settings.LocalPath].Value);
    }

    [Theory]
    [InlineData("QDRANT_URL")]
    [InlineData("QDRANT_LOCAL_PATH")]
    public void From_is_in_memory_by_either_setting(string name) =>
        Assert.IsType<StoreLocation.InMemory>(StoreLocation.From(Load.Environment((name, ":memory:"))));
}
