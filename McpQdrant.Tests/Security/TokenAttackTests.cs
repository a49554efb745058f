using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;
using Microsoft.IdentityModel.Tokens;

namespace McpQdrant.Tests.Security;

/// <summary>Tokens that were not meant for this server, or that nobody gave.</summary>
public sealed class TokenAttackTests(TokenAuthority authority) : IClassFixture<TokenAuthority>, IAsyncLifetime
{
    public const string Audience = "https://memory.example.com/mcp";

    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private static readonly Dictionary<string, Action<Dictionary<string, object>>> BadClaims = new()
    {
        ["for another service"] = claims => claims["aud"] = "https://other.example.com",
        ["for the service beside"] = claims => claims["aud"] = $"{Audience}/admin",
        ["for nobody"] = claims => claims.Remove("aud"),
        ["expired"] = claims => claims["exp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 31,
        ["without an end"] = claims => claims.Remove("exp"),
        ["not yet good"] = claims => claims["nbf"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60,
        ["of another issuer"] = claims => claims["iss"] = "https://login.evil.example",
        ["of no issuer"] = claims => claims.Remove("iss"),
        ["without a name"] = claims => claims.Remove("sub"),
        ["of an empty name"] = claims => claims["sub"] = "",
    };

    private AccessServer _server = null!;

    public static TheoryData<string> WrongTokens => [.. BadClaims.Keys];

    public async ValueTask InitializeAsync() => _server = await StartAsync(authority);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_good_token_is_taken()
    {
        var answer = await _server.SendAsync(Ping, authority.Token());
        var ofSeveral = await _server.SendAsync(Ping, authority.Token(claims => claims["aud"] = new[] { "https://other.example.com", Audience }));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answer.Status, ofSeveral.Status));
    }

    [Theory]
    [MemberData(nameof(WrongTokens))]
    public async Task A_token_with_wrong_claims_is_refused(string what) =>
        AssertRefused(await _server.SendAsync(Ping, authority.Token(BadClaims[what])), what);

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("")]
    public async Task A_token_without_a_signature_is_refused(string algorithm)
    {
        var (payload, signature) = (authority.Token().Split('.')[1], authority.Token().Split('.')[2]);
        var header = Base64UrlEncoder.Encode(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" }.ToJsonString());

        AssertRefused(await _server.SendAsync(Ping, $"{header}.{payload}."), "no signature");
        AssertRefused(await _server.SendAsync(Ping, $"{header}.{payload}"), "no third part");
        AssertRefused(await _server.SendAsync(Ping, $"{header}.{payload}.{signature}"), "another header's signature");
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task A_token_signed_with_the_public_key_as_a_shared_secret_is_refused(string algorithm)
    {
        foreach (var (form, key) in authority.PublicKeys)
        {
            foreach (var id in new[] { authority.PrivateKey.KeyId, null })
            {
                var signing = new SigningCredentials(new SymmetricSecurityKey(key) { KeyId = id }, algorithm);

                AssertRefused(await _server.SendAsync(Ping, authority.Token(signing: signing)), form);
            }
        }
    }

    [Fact]
    public async Task A_token_signed_with_another_key_is_refused_also_where_it_brings_that_key_along()
    {
        using var rsa = RSA.Create(2048);
        var signing = new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = authority.PrivateKey.KeyId }, SecurityAlgorithms.RsaSha256);
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)));
        var own = new Dictionary<string, object> { ["kty"] = "RSA", ["n"] = jwk.N, ["e"] = jwk.E };
        await using var evil = new TokenAuthority();
        await evil.InitializeAsync();

        AssertRefused(await _server.SendAsync(Ping, authority.Token(signing: signing)), "the same key id");
        AssertRefused(await _server.SendAsync(Ping, authority.Token(signing: signing, header: new() { ["jwk"] = own })), "jwk");
        AssertRefused(
            await _server.SendAsync(Ping, authority.Token(signing: new SigningCredentials(evil.PrivateKey, SecurityAlgorithms.RsaSha256), header: new() { ["jku"] = $"{evil.Issuer}/keys" })),
            "jku");
    }

    /// <summary>RFC 7515, section 4.1.11: extensions that must be understood, by a server that understands none.</summary>
    [Fact]
    public async Task A_token_with_critical_headers_is_refused()
    {
        string[][] lists = [["b64"], ["exp"], []];

        foreach (var critical in lists)
            AssertRefused(await _server.SendAsync(Ping, authority.Token(header: new() { ["crit"] = critical, ["b64"] = true })), string.Join(',', critical));
    }

    [Fact]
    public async Task A_token_that_was_changed_is_refused()
    {
        var parts = authority.Token().Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace("\"ann\"", "\"bob\"", StringComparison.Ordinal);

        AssertRefused(await _server.SendAsync(Ping, $"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}"), "another subject");
        AssertRefused(await _server.SendAsync(Ping, $"{parts[0]}.{parts[1]}.{Base64UrlEncoder.Encode(new byte[256])}"), "another signature");
    }

    [Theory]
    [InlineData("qdrant-find", "memory:write memory:forget", "memory:read")]
    [InlineData("qdrant-store", "memory:read", "memory:write")]
    [InlineData("qdrant-store", "", "memory:write")]
    [InlineData("qdrant-store", "memory:writer MEMORY:WRITE", "memory:write")]
    [InlineData("qdrant-forget", "memory:read memory:write", "memory:read memory:forget")]
    public async Task A_token_without_the_scope_is_told_which(string tool, string scopes, string needed)
    {
        var answer = await _server.SendAsync(Messages.Call(1, tool, []), authority.Token(claims => claims["scope"] = scopes));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(
            $"Bearer error=\"insufficient_scope\", scope=\"{needed}\", resource_metadata=\"https://memory.example.com/.well-known/oauth-protected-resource/mcp\"",
            answer.Challenge);
    }

    /// <summary>The check by HTTP status reads the message by itself; what it can't make out must not get past the policy.</summary>
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"qdrant-find","name":"qdrant-store","arguments":ARGUMENTS}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"qdrant-store","name":"qdrant-find","arguments":ARGUMENTS}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","method":"ping","params":{"name":"qdrant-store","arguments":ARGUMENTS}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"qdrant-store","arguments":ARGUMENTS}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"qdrant-store","arguments":ARGUMENTS},"params":{"name":"qdrant-find"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"\u006dethod":"tools\/call","params":{"n\u0061me":"qdrant-st\u006fre","arguments":ARGUMENTS}}""")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"qdrant-store","arguments":ARGUMENTS}}]""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"METHOD":"tools/call","PARAMS":{"NAME":"qdrant-store","arguments":ARGUMENTS}}""")]
    public async Task A_message_of_two_minds_stores_nothing_without_the_scope(string message)
    {
        var reader = authority.Token(claims => claims["scope"] = "memory:read");

        await _server.SendAsync(message.Replace("ARGUMENTS", """{"information":"planted","query":"planted","collection_name":"notes"}""", StringComparison.Ordinal), reader);

        var found = await _server.CallAsync("qdrant-find", new() { ["query"] = "planted", ["collection_name"] = "notes" }, reader);
        Assert.StartsWith("There are no memories yet", found.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_reaches_the_collections_of_its_claim_alone_and_none_without_it()
    {
        await using var server = await StartAsync(authority, ("MCP_OAUTH_COLLECTIONS_CLAIM", "collections"));
        string[] several = ["others", "notes"];

        Assert.True(await StoresAsync(claims => claims["collections"] = "notes,team-*"));
        Assert.True(await StoresAsync(claims => claims["collections"] = several));
        Assert.False(await StoresAsync(claims => claims["collections"] = "note"));
        Assert.False(await StoresAsync(claims => claims["collections"] = ""));
        Assert.False(await StoresAsync(_ => { }));

        async Task<bool> StoresAsync(Action<Dictionary<string, object>> change) =>
            (await server.SendAsync(Messages.Store(1, "x"), authority.Token(change))).Message.Text().StartsWith("Remembered", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_without_a_token_is_told_more_than_where_to_get_one()
    {
        var answer = await _server.SendAsync(Ping);
        var metadata = await _server.Client.GetStringAsync(new Uri(_server.Address, "/.well-known/oauth-protected-resource/mcp"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("resource_metadata=\"https://memory.example.com/.well-known/oauth-protected-resource/mcp\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Equal((Audience, authority.Issuer), ((string?)JsonNode.Parse(metadata)!["resource"], (string?)JsonNode.Parse(metadata)!["authorization_servers"]![0]));
    }

    [Fact]
    public async Task While_theauthority_is_away_no_token_is_taken_and_the_caller_may_try_again()
    {
        var away = new TokenAuthority();
        await away.InitializeAsync();
        var token = away.Token();
        await using var server = await StartAsync(away, ("MCP_API_KEY", "the-key"));
        await away.DisposeAsync();

        var answer = await server.SendAsync(Ping, token);
        var withKey = await server.SendAsync(Ping, "the-key");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (answer.Status, answer.Headers.RetryAfter?.Delta));
        Assert.Equal(HttpStatusCode.OK, withKey.Status);
    }

    private static Task<AccessServer> StartAsync(TokenAuthority authority, params (string Name, string Text)[] settings) => AccessServer.StartAsync(
    [
        ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_OAUTH_AUTHORITY", authority.Issuer), ("MCP_OAUTH_AUDIENCE", Audience), .. settings,
    ]);

    private static void AssertRefused(HttpAnswer answer, string what)
    {
        Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{what}: {answer.Status} {answer.Body}");
        Assert.StartsWith("Bearer error=\"invalid_token\"", answer.Challenge, StringComparison.Ordinal);
    }
}
