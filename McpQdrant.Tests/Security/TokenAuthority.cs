using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace McpQdrant.Tests.Security;

/// <summary>An authorization server as far as a resource server sees it: its metadata, its public keys, and tokens by its private ones.</summary>
public sealed class TokenAuthority : IAsyncLifetime
{
    private const string KeyId = "the-key";

    private readonly RSA _rsa = RSA.Create(2048);
    private WebApplication _app = null!;

    public string Issuer => _app.Urls.First();

    internal SecurityKey PrivateKey => new RsaSecurityKey(_rsa) { KeyId = KeyId };

    /// <summary>The public key in the forms in which somebody might take it for a shared secret.</summary>
    internal IReadOnlyDictionary<string, byte[]> PublicKeys => new Dictionary<string, byte[]>
    {
        ["PEM"] = Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem()),
        ["PEM of the modulus"] = Encoding.ASCII.GetBytes(_rsa.ExportRSAPublicKeyPem()),
        ["DER"] = _rsa.ExportSubjectPublicKeyInfo(),
        ["modulus"] = _rsa.ExportParameters(false).Modulus!,
        ["JWK"] = Encoding.UTF8.GetBytes(Jwk().ToJsonString()),
    };

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", context => context.Response.WriteAsync(
            new JsonObject { ["issuer"] = Issuer, ["jwks_uri"] = $"{Issuer}/keys" }.ToJsonString()));
        _app.MapGet("/keys", context => context.Response.WriteAsync(new JsonObject { ["keys"] = new JsonArray(Jwk()) }.ToJsonString()));
        await _app.StartAsync();
    }

    /// <summary>A token that is good for <see cref="TokenAttackTests.Audience"/>, but for what is changed.</summary>
    public string Token(Action<Dictionary<string, object>>? change = null, SigningCredentials? signing = null, Dictionary<string, object>? header = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = TokenAttackTests.Audience,
            ["sub"] = "ann",
            ["iat"] = now,
            ["exp"] = now + 300,
            ["scope"] = "memory:read memory:write",
        };
        change?.Invoke(claims);

        signing ??= new SigningCredentials(PrivateKey, SecurityAlgorithms.RsaSha256);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            SigningCredentials = signing,
            AdditionalHeaderClaims = header,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }

    private JsonObject Jwk()
    {
        var key = _rsa.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = KeyId,
            ["n"] = Base64UrlEncoder.Encode(key.Modulus),
            ["e"] = Base64UrlEncoder.Encode(key.Exponent),
        };
    }
}
