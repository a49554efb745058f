using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Access;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Security;

/// <summary>Tokens that are none of ours, and what a good one may do.</summary>
public sealed class TokenAttackTests : IAsyncLifetime
{
    private AuthorityStandIn _authority = null!;
    private AccessServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _authority = await AuthorityStandIn.StartAsync();
        _server = await AccessServer.StartAsync(
            ("MCP_OAUTH_AUTHORITY", _authority.Address.AbsoluteUri), ("MCP_OAUTH_AUDIENCE", AuthorityStandIn.Audience), ("MCP_OAUTH_COLLECTIONS_CLAIM", "collections"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _authority.DisposeAsync();
    }

    public static TheoryData<string> Forgeries => new(Forge.Keys);

    private static readonly Dictionary<string, Func<AuthorityStandIn, string>> Forge = new()
    {
        ["for another audience"] = authority => authority.Token(payload => payload["aud"] = "https://other.example.com"),
        ["for no audience"] = authority => authority.Token(payload => payload.Remove("aud")),
        ["of another issuer"] = authority => authority.Token(payload => payload["iss"] = "https://evil.example.com/"),
        ["expired"] = authority => authority.Token(payload => payload["exp"] = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds()),
        ["that never expires"] = authority => authority.Token(payload => payload.Remove("exp")),
        ["not good yet"] = authority => authority.Token(payload => payload["nbf"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds()),
        ["of nobody"] = authority => authority.Token(payload => payload.Remove("sub")),
        ["signed by nobody (none)"] = authority => authority.Unsigned("none"),
        ["signed by nobody (None)"] = authority => authority.Unsigned("None"),
        ["signed by nobody (RS256)"] = authority => authority.Unsigned("RS256"),
        ["signed with the public key as a secret, PEM"] = authority => authority.SignedWithPublicKey(Encoding.ASCII.GetBytes(authority.PublicKeyPem)),
        ["signed with the public key as a secret, DER"] = authority => authority.SignedWithPublicKey(Convert.FromBase64String(string.Concat(authority.PublicKeyPem.Split('\n')[1..^1]))),
        ["signed by another key"] = authority => Signed(authority, changeHeader: null),
        ["signed by a key that it brings along"] = authority => Signed(authority, (header, key) => header["jwk"] = Jwk(key)),
        ["signed by a key of an unknown name"] = authority => Signed(authority, (header, _) => header["kid"] = "key-2"),
        ["with a key of its own to fetch"] = authority => Signed(authority, (header, _) => header["jku"] = "https://evil.example.com/keys"),
        ["changed after it was signed"] = authority => Changed(authority.Token()),
        ["that is no token"] = _ => "eyJhbGciOiJSUzI1NiJ9..",
        ["that is long"] = _ => new string('a', 20_000),
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_token_is_refused(string kind)
    {
        var answer = await _server.SendAsync(Messages.Request(1, "tools/list"), Forge[kind](_authority));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("error=\"invalid_token\"", answer.Challenge, StringComparison.Ordinal);
        Assert.DoesNotContain("tools", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_token_is_let_in()
    {
        var answer = await _server.SendAsync(Messages.Request(1, "tools/list"), _authority.Token(payload => payload["collections"] = "notes"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True(answer.Message.Result().GetProperty("tools").GetArrayLength() > 1);
    }

    [Fact]
    public async Task Without_a_token_the_challenge_leads_to_the_metadata_and_these_to_the_authority()
    {
        var answer = await _server.SendAsync(Messages.Request(1, "tools/list"));
        using var metadata = await _server.Client.GetAsync(new Uri(_server.Address, "/.well-known/oauth-protected-resource/mcp"));
        var json = JsonElement.Parse(await metadata.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("resource_metadata=\"https://memory.example.com/.well-known/oauth-protected-resource/mcp\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Equal(AuthorityStandIn.Audience, json.GetProperty("resource").GetString());
        Assert.Equal(_authority.Address, new Uri(json.GetProperty("authorization_servers")[0].GetString()!));
        Assert.Equal(["memory:read", "memory:write", "memory:forget"], json.GetProperty("scopes_supported").EnumerateArray().Select(scope => scope.GetString()));
    }

    [Theory]
    [InlineData("qdrant-store", "memory:read", "memory:write")]
    [InlineData("qdrant-find", "memory:write", "memory:read")]
    [InlineData("qdrant-forget", "memory:read memory:write", "memory:forget")]
    [InlineData("qdrant-find", "", "memory:read")]
    [InlineData("qdrant-find", "MEMORY:READ memory:reads", "memory:read")]
    public async Task A_missing_scope_is_a_403_that_names_it(string tool, string scopes, string missing)
    {
        var token = _authority.Token(payload => (payload["scope"], payload["collections"]) = (scopes, "notes"));

        var answer = await _server.SendAsync(
            Messages.Call(1, tool, new JsonObject { ["information"] = "x", ["query"] = "x", ["ids"] = new JsonArray(1), ["collection_name"] = "notes" }), token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("error=\"insufficient_scope\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Contains(missing, answer.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_scope_is_found_in_a_message_that_hides_its_method()
    {
        var token = _authority.Token(payload => payload["scope"] = "memory:read");
        var call = Messages.Store(1, "x");

        // The last of two members of one name is the one that counts to most readers.
        var hidden = call.Insert(1, "\"method\":\"tools/list\",").Replace("\"name\":\"qdrant-store\"", "\"name\":\"qdrant-find\",\"name\":\"qdrant-store\"", StringComparison.Ordinal);
        var escaped = call.Replace("qdrant-store", "qdrant\\u002dstore", StringComparison.Ordinal);

        foreach (var body in (string[])[hidden, escaped])
        {
            var answer = await _server.SendAsync(body, token);
            Assert.True(answer.Status != HttpStatusCode.OK || !answer.Body.Contains("Remembered", StringComparison.Ordinal), answer.Body);
        }
    }

    [Theory]
    [InlineData("\"notes, team-*\"", "team-a", true)]
    [InlineData("[\"notes\", \"team-*\"]", "team-a", true)]
    [InlineData("[\"notes\"]", "team-a", false)]
    [InlineData("\"\"", "notes", false)]
    [InlineData(null, "notes", false)]
    public async Task The_claim_bounds_the_collections(string? claim, string collection, bool isWithin)
    {
        var token = _authority.Token(payload => payload["collections"] = claim is null ? null : JsonNode.Parse(claim));

        var answer = await _server.CallAsync("qdrant-store", new JsonObject { ["information"] = "x", ["collection_name"] = collection }, token);

        Assert.Equal(!isWithin, answer.Result().TryGetProperty("isError", out var isError) && isError.GetBoolean());
    }

    [Fact]
    public async Task No_token_is_logged()
    {
        var (good, bad) = (_authority.Token(), _authority.Token(payload => payload["aud"] = "other"));
        await _server.SendAsync(Messages.Store(1, "x"), good);
        await _server.SendAsync(Messages.Store(1, "x"), bad);

        Assert.NotEmpty(_server.Log.Events);
        Assert.All(_server.Log.Events, entry => Assert.DoesNotContain("eyJ", entry.Text, StringComparison.Ordinal));
    }

    private static string Signed(AuthorityStandIn authority, Action<JsonObject, RSA>? changeHeader)
    {
        using var key = RSA.Create(2048);
        return authority.Token(signer: key, changeHeader: header => changeHeader?.Invoke(header, key));
    }

    private static JsonObject Jwk(RSA key)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject { ["kty"] = "RSA", ["n"] = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(numbers.Modulus), ["e"] = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(numbers.Exponent) };
    }

    private static string Changed(string token)
    {
        var parts = token.Split('.');
        var payload = JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(parts[1]))!;
        payload["sub"] = "root";
        return $"{parts[0]}.{Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(payload.ToJsonString())}.{parts[2]}";
    }
}
