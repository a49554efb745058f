namespace McpQdrant.Tests.Server.Configuration;

public sealed class UnknownSettingsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("QDRANT_ULR", "QDRANT_URL")]
    [InlineData("QDRANT_URI", "QDRANT_URL")]
    [InlineData("QDRANT_APIKEY", "QDRANT_API_KEY")]
    [InlineData("QDRANT_APIKEY_FILE", "QDRANT_API_KEY_FILE")]
    [InlineData("qdrant_serch_limit", "QDRANT_SEARCH_LIMIT")]
    [InlineData("EMBEDING_MODEL", "EMBEDDING_MODEL")]
    [InlineData("EMBEDDINGS_MODEL", "EMBEDDING_MODEL")]
    [InlineData("MCP_TOOL", "MCP_TOOLS")]
    [InlineData("MEMORY_SEACH", "MEMORY_SEARCH")]
    [InlineData("COLLECTIONS_NAME", "COLLECTION_NAME")]
    [InlineData("FILTERABLE_FIELD", "FILTERABLE_FIELDS")]
    [InlineData("FASTMCP_PROT", "FASTMCP_PORT")]
    [InlineData("Qdrant__Ulr", "QDRANT_URL")]
    public void Load_warns_of_a_name_at_most_two_edits_away(string name, string meant) =>
        Assert.Equal([$"{name} is not read: there is no such setting. Did you mean {meant}?"], Load.Environment((name, "x")).Warnings);

    [Theory]
    [InlineData("QDRANT_SOMETHING")]
    [InlineData("QDRANT_GRPCHOST")]
    [InlineData("QDRANT_GRPCPORT")]
    [InlineData("QDRANT_HTTPHOST")]
    [InlineData("QDRANT_HTTPPORT")]
    [InlineData("QDRANT_PORT")]
    [InlineData("QDRANT_SERVICE_HOST")]
    [InlineData("QDRANT__SERVICE__API_KEY")]
    [InlineData("QDRANT__TLS__CERT")]
    [InlineData("QDRANT__ULR")]
    [InlineData("QDRANT_TEST_URL")]
    [InlineData("ASPNETCORE_URL")]
    [InlineData("DOTNET_ENVIRONMENT")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("MCP_PORT")]
    [InlineData("GCP_API_KEY")]
    [InlineData("OPENAPI_API_KEY")]
    [InlineData("PATH")]
    [InlineData("HTTP_PORT")]
    [InlineData("_")]
    public void Load_does_not_warn_of_what_is_someone_elses(string name) => Assert.Empty(Load.Environment((name, "x")).Warnings);

    [Fact]
    public void Load_does_not_warn_of_what_aspire_injects_beside_its_connection_strings() =>
        Assert.Empty(Load.Environment(
            ("ConnectionStrings__qdrant", "Endpoint=http://q:6334;Key=k"), ("ConnectionStrings__qdrant_http", "Endpoint=http://q:6333;Key=k"),
            ("QDRANT_GRPCHOST", "q"), ("QDRANT_GRPCPORT", "6334"), ("QDRANT_HTTPHOST", "q"), ("QDRANT_HTTPPORT", "6333"),
            ("QDRANT_APIKEY", "k"), ("QDRANT_URI", "http://q:6334"), ("QDRANT_HTTPURI", "http://q:6333")).Warnings);

    [Fact]
    public void Load_warns_of_a_file_for_what_is_no_secret() =>
        Assert.Equal(
            ["QDRANT_URL_FILE is not read: only secrets are read from files. Set QDRANT_URL itself."],
            Load.Environment(("QDRANT_URL_FILE", "/run/secrets/url")).Warnings);

    [Fact]
    public void Load_warns_of_keys_in_files()
    {
        var path = folder.Write("settings.json", """{ "Qdrant": { "Ulr": "http://q" } }""");

        Assert.Equal(
            [$"Qdrant:Ulr in {path} is not read: there is no such setting. Did you mean QDRANT_URL?"], Load.Environment(("MCP_SETTINGS", path)).Warnings);
    }

    public void Dispose() => folder.Dispose();
}
