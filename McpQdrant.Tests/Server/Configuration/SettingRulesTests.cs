using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Tests.Server.Configuration;

public sealed class SettingRulesTests
{
    private const string Open =
        "where other machines reach it, and nothing would tell who calls. Set MCP_API_KEY or MCP_ACCESS_FILE; or MCP_OAUTH_AUTHORITY and MCP_OAUTH_AUDIENCE; "
        + "or MCP_ALLOW_ANONYMOUS=true, if all who reach it may read and write memories. Or listen on this machine alone: FASTMCP_HOST=127.0.0.1.";

    [Theory]
    [InlineData("QDRANT_URL", "http://q:6333")]
    [InlineData("QDRANT_URL", ":memory:")]
    [InlineData("QDRANT_API_KEY", "key")]
    [InlineData("ConnectionStrings__qdrant_http", "Endpoint=http://q:6333")]
    [InlineData("ConnectionStrings__qdrant", "Endpoint=http://q:6334")]
    public void A_folder_goes_with_no_server(string name, string text) =>
        Assert.Equal(
            $"QDRANT_LOCAL_PATH keeps memories in a folder, and {name} is for a Qdrant server. Set only one of them.",
            Load.Error(("QDRANT_LOCAL_PATH", "/data"), (name, text)));

    [Fact]
    public void A_grpc_endpoint_alone_is_refused() =>
        Assert.Equal(
            "ConnectionStrings__qdrant gives Qdrant's gRPC endpoint http://q:6334, and this server speaks REST. "
            + "Set QDRANT_URL, or ConnectionStrings__qdrant_http, to the REST address, usually on port 6333.",
            Load.Error(("ConnectionStrings__qdrant", "Endpoint=http://q:6334;Key=s3cret")));

    [Fact]
    public void A_key_without_a_server_is_hardly_meant()
    {
        var values = Load.Environment(("QDRANT_API_KEY", "s3cret"));

        Assert.Equal([$"QDRANT_API_KEY is set, but QDRANT_URL is not: memories are kept in {values.Show(Settings.LocalPath)}."], values.Warnings);
        Assert.Empty(Load.Environment(("QDRANT_API_KEY", "s3cret"), ("QDRANT_URL", "http://q:6333")).Warnings);
    }

    [Fact]
    public void The_REST_API_is_warned_of_where_nothing_serves_it()
    {
        Assert.Equal(
            ["MCP_REST is set, but the server speaks over stdio, where there is no REST API. Set MCP_TRANSPORT=http."], Load.Environment(("MCP_REST", "true")).Warnings);
        Assert.Empty(Load.Environment(("MCP_REST", "true"), ("MCP_TRANSPORT", "http")).Warnings);
    }

    [Theory]
    [InlineData("openai", "text-embedding-3-small")]
    [InlineData("ollama", "nomic-embed-text")]
    public void A_provider_without_a_default_model_needs_one(string provider, string example)
    {
        Assert.Equal(
            $"EMBEDDING_PROVIDER is {provider}, which has no default model. Set EMBEDDING_MODEL, for instance to {example}.",
            Load.Error(("EMBEDDING_PROVIDER", provider), ("EMBEDDING_URL", "http://localhost:1234")));

        Load.Environment(("EMBEDDING_PROVIDER", provider), ("EMBEDDING_URL", "http://localhost:1234"), ("EMBEDDING_MODEL", example));
    }

    [Fact]
    public void OpenAi_itself_needs_a_key()
    {
        Assert.Equal(
            "EMBEDDING_PROVIDER is openai, and there is no key. Set EMBEDDING_API_KEY or OPENAI_API_KEY, or EMBEDDING_URL to a server that asks for none.",
            Load.Error(("EMBEDDING_PROVIDER", "openai"), ("EMBEDDING_MODEL", "m")));

        Load.Environment(("EMBEDDING_PROVIDER", "openai"), ("EMBEDDING_MODEL", "m"), ("OPENAI_API_KEY", "k"));
    }

    [Fact]
    public void Embeddings_by_qdrant_need_a_server()
    {
        Assert.Equal(
            "EMBEDDING_PROVIDER is qdrant, and memories are not in a Qdrant server. Set QDRANT_URL to one that embeds, or choose another provider.",
            Load.Error(("EMBEDDING_PROVIDER", "qdrant")));

        Load.Environment(("EMBEDDING_PROVIDER", "qdrant"), ("ConnectionStrings__qdrant_http", "Endpoint=http://q:6333"));
    }

    [Fact]
    public void OAuth_needs_authority_and_audience()
    {
        Assert.Equal(
            "MCP_OAUTH_AUTHORITY is set without MCP_OAUTH_AUDIENCE. Without it tokens for other services would be accepted: set both.",
            Load.Error(("MCP_OAUTH_AUTHORITY", "https://login.example.com")));
        Assert.Equal(
            "MCP_OAUTH_AUDIENCE is set without MCP_OAUTH_AUTHORITY, which says whose tokens are accepted: set both.",
            Load.Error(("MCP_OAUTH_AUDIENCE", "https://mcp.example.com")));

        var values = Load.Environment(("MCP_OAUTH_AUTHORITY", "http://localhost:9000/realms/x"), ("MCP_OAUTH_AUDIENCE", "https://mcp.example.com"));
        Assert.Equal(new Uri("http://localhost:9000/realms/x"), values.Get(Settings.OAuthAuthority));
        Assert.Equal("https://mcp.example.com", values.Get(Settings.OAuthAudience));
    }

    [Theory]
    [InlineData("FASTMCP_HOST", "0.0.0.0", "http://0.0.0.0:8000")]
    [InlineData("FASTMCP_HOST", "192.168.1.5", "http://192.168.1.5:8000")]
    [InlineData("FASTMCP_HOST", "::", "http://[::]:8000")]
    [InlineData("FASTMCP_HOST", "*", "http://*:8000")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:5000;http://+:8080", "http://*:8080")]
    public void An_address_that_others_reach_needs_authentication(string name, string text, string address)
    {
        Assert.Equal($"The server would listen on {address}, {Open}", Load.Error((name, text), ("MCP_TRANSPORT", "http")));
        Assert.Equal($"The server would listen on {address}, {Open}", Load.Error((name, text), ("MCP_TRANSPORT", "sse")));

        Load.Environment((name, text), ("MCP_TRANSPORT", "http"), ("MCP_API_KEY", "k"));
        Load.Environment((name, text), ("MCP_TRANSPORT", "http"), ("MCP_ALLOW_ANONYMOUS", "true"));
        Load.Environment((name, text), ("MCP_TRANSPORT", "http"), ("MCP_OAUTH_AUTHORITY", "https://a.example.com"), ("MCP_OAUTH_AUDIENCE", "a"));
        Load.Environment((name, text));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public void This_machine_needs_no_authentication(string host) => Load.Environment(("FASTMCP_HOST", host), ("MCP_TRANSPORT", "http"));

    [Fact]
    public void A_rule_says_nothing_about_settings_that_are_invalid_by_themselves() =>
        Assert.Equal(
            "MCP_API_KEY must be a key of visible ASCII characters.",
            Load.Error(("FASTMCP_HOST", "0.0.0.0"), ("MCP_TRANSPORT", "http"), ("MCP_API_KEY", "not a key")));

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var invalid = Assert.Throws<InvalidSettingsException>(() => Load.From(
            [("--port", "x")], [("QDRANT_SEARCH_LIMIT", "0"), ("MEMORY_SEARCH", "y"), ("QDRANT_LOCAL_PATH", "/data"), ("QDRANT_URL", "http://q:6333")]));

        Assert.Equal(
            string.Join(
                Environment.NewLine,
                "QDRANT_SEARCH_LIMIT is '0', but must be a whole number from 1 to 100.",
                "MEMORY_SEARCH is 'y', but must be hybrid, dense or keyword.",
                "--port is 'x', but must be a whole number from 0 to 65535.",
                "QDRANT_LOCAL_PATH keeps memories in a folder, and QDRANT_URL is for a Qdrant server. Set only one of them."),
            invalid.Message);
    }

    [Fact]
    public void A_password_in_an_address_and_a_line_break_in_a_value_are_not_printed() =>
        Assert.Equal(
            "EMBEDDING_URL is 'ftp://***@host\\nFORGED', but must be an http or https address.",
            Load.Error(("EMBEDDING_URL", "ftp://me:s3cret@host\nFORGED")));
}
