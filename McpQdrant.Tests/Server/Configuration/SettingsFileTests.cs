using McpQdrant.Core.Access;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

public sealed class SettingsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Load_reads_names_sections_and_json_of_every_kind()
    {
        var values = LoadFile("""
            {
              // Comments and trailing commas are for people.
              "QDRANT_READ_ONLY": true,
              "Qdrant": { "Url": "http://q:6333", "SearchLimit": 5, "Api": { "Key": "s3cret" }, "OnDisk": null },
              "ConnectionStrings": { "qdrant_http": "Endpoint=http://other:6333" },
              "Mcp": { "Tools": ["find", "store"], "OAUTH_COLLECTIONS_CLAIM": "c" },
              "FILTERABLE_FIELDS": [{ "name": "project", "description": "d", "field_type": "keyword" }],
              "Logging": { "LogLevel": { "Default": "Information" } },
              "AllowedHosts": "*",
            }
            """);

        Assert.True(values.Get(Settings.ReadOnly));
        Assert.Equal(new StoreLocation.Server(new Uri("http://q:6333")), values.Get(Settings.QdrantUrl));
        Assert.Equal(5, values.Get(Settings.SearchLimit));
        Assert.Equal("s3cret", values.Get(Settings.QdrantApiKey));
        Assert.Null(values.Get(Settings.OnDisk));
        Assert.Equal(new Uri("http://other:6333"), values.Get(Settings.InjectedRest)!.Endpoint);
        Assert.Equal([ToolName.Find, ToolName.Store], values.Get(Settings.Tools));
        Assert.Equal("c", values.Get(Settings.OAuthCollectionsClaim));
        Assert.Equal("project", Assert.Single(values.Get(Settings.FilterableFields)).Name);
        Assert.Empty(values.Warnings);
    }

    [Fact]
    public void Load_names_key_and_file_of_an_invalid_value()
    {
        var path = folder.Write("appsettings.json", """{ "Qdrant": { "SearchLimit": 500 } }""");

        var invalid = Assert.Throws<InvalidSettingsException>(() => Load.From([], [], path));

        Assert.Equal([$"Qdrant:SearchLimit in {path} is '500', but must be a whole number from 1 to 100."], invalid.Errors);
    }

    [Theory]
    [InlineData("[]", "it must hold a JSON object.")]
    [InlineData("", "line 1, byte 1 is no JSON.")]
    [InlineData("{\n  \"A\": 1\n  \"B\": 2\n}", "line 3, byte 3 is no JSON.")]
    public void Load_says_where_a_file_is_broken_and_what_else_is_wrong(string json, string reason)
    {
        var path = folder.Write("broken.json", json);

        var errors = Load.Errors(("MCP_SETTINGS", path), ("QDRANT_SEARCH_LIMIT", "0"));

        Assert.Equal($"The settings file {path} can't be read: {reason}", errors[0]);
        Assert.Equal(2, errors.Count);
    }

    public void Dispose() => folder.Dispose();

    private SettingValues LoadFile(string json) => Load.From([("--settings", folder.Write("settings.json", json))], []);
}
