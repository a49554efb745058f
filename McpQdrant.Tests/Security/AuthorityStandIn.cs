using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace McpQdrant.Tests.Security;

/// <summary>An authorization server as far as a resource server sees one: its address, its public key, and tokens that it signed, or seems to have.</summary>
internal sealed class AuthorityStandIn : IAsyncDisposable
{
    public const string Audience = "https://memory.example.com/mcp";

    private const string KeyId = "key-1";

    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private AuthorityStandIn(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What the server checks signatures with, as anyone can read it.</summary>
    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem();

    public static async Task<AuthorityStandIn> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var authority = new AuthorityStandIn(builder.Build());
        authority._app.Run(context => context.Response.WriteAsync(authority.Document(context.Request.Path)));
        await authority._app.StartAsync();
        return authority;
    }

    /// <summary>A token for somebody who may do everything here, changed as a test wants it.</summary>
    public string Token(Action<JsonObject>? change = null, RSA? signer = null, Action<JsonObject>? changeHeader = null)
    {
        var (header, payload) = (Header("RS256"), Payload(change));
        changeHeader?.Invoke(header);
        var text = $"{Encode(header)}.{Encode(payload)}";
        return $"{text}.{Base64UrlEncoder.Encode((signer ?? _key).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>A token that says it needs no signature.</summary>
    public string Unsigned(string algorithm) => $"{Encode(Header(algorithm))}.{Encode(Payload(null))}.";

    /// <summary>A token signed with the public key as if it were a shared secret.</summary>
    public string SignedWithPublicKey(byte[] secret)
    {
        var text = $"{Encode(Header("HS256"))}.{Encode(Payload(null))}";
        return $"{text}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private static JsonObject Header(string algorithm) => new() { ["alg"] = algorithm, ["typ"] = "at+jwt", ["kid"] = KeyId };

    private JsonObject Payload(Action<JsonObject>? change)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var payload = new JsonObject
        {
            ["iss"] = Address.AbsoluteUri,
            ["aud"] = Audience,
            ["sub"] = "ann",
            ["scope"] = "memory:read memory:write memory:forget",
            ["nbf"] = now - 60,
            ["exp"] = now + 600,
        };
        change?.Invoke(payload);
        return payload;
    }

    private string Document(string path)
    {
        var numbers = _key.ExportParameters(includePrivateParameters: false);
        return path.EndsWith("openid-configuration", StringComparison.Ordinal)
            ? new JsonObject { ["issuer"] = Address.AbsoluteUri, ["jwks_uri"] = new Uri(Address, "keys").AbsoluteUri }.ToJsonString()
            : new JsonObject
            {
                ["keys"] = new JsonArray(new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["kid"] = KeyId,
                    ["n"] = Base64UrlEncoder.Encode(numbers.Modulus),
                    ["e"] = Base64UrlEncoder.Encode(numbers.Exponent),
                }),
            }.ToJsonString();
    }

    private static string Encode(JsonObject json) => Base64UrlEncoder.Encode(json.ToJsonString());
}
