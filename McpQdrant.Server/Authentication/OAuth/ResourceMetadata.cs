using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using McpQdrant.Core.Access;
using ModelContextProtocol;
using ModelContextProtocol.Authentication;

namespace McpQdrant.Server.Authentication.OAuth;

/// <summary>Tells clients where to get a token for this server (RFC 9728).</summary>
internal sealed class ResourceMetadata(OAuthOptions options)
{
    public const string Path = "/.well-known/oauth-protected-resource";

    /// <summary>The server's own address, where the audience is one; behind a proxy the request's isn't the public one.</summary>
    private readonly Uri? _resource = Uri.TryCreate(options.Audience, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    /// <summary>Serves the metadata, with and without the path of the resource behind it; anyone may read it.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, WriteAsync);
        endpoints.MapGet($"{Path}/{{**resource}}", WriteAsync);
    }

    /// <summary>Where the metadata of the requested resource is.</summary>
    public string Url(HttpRequest request) => _resource is { } resource
        ? $"{resource.GetLeftPart(UriPartial.Authority)}{Path}{resource.AbsolutePath.TrimEnd('/')}"
        : $"{request.Scheme}://{request.Host.ToUriComponent()}{Path}{request.Path.ToUriComponent().TrimEnd('/')}";

    private async Task WriteAsync(HttpContext context)
    {
        var path = context.Request.Path.ToUriComponent()[Path.Length..].TrimEnd('/');
        var metadata = new ProtectedResourceMetadata
        {
            Resource = _resource?.OriginalString ?? $"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}{path}",
            AuthorizationServers = [options.Authority.OriginalString],
            ScopesSupported = [.. Scopes.Names],
            BearerMethodsSupported = ["header"],
            ResourceName = "McpQdrant",
        };
        context.Response.ContentType = "application/json";
        var type = (JsonTypeInfo<ProtectedResourceMetadata>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ProtectedResourceMetadata));
        await JsonSerializer.SerializeAsync(context.Response.Body, metadata, type, context.RequestAborted);
    }
}

/// <summary>Whose tokens are accepted.</summary>
internal sealed record OAuthOptions
{
    /// <summary>The authorization server; its keys come from <c>/.well-known/openid-configuration</c> below it.</summary>
    public required Uri Authority { get; init; }

    /// <summary>Whom a token must be for: usually this server's public address.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim with patterns of the collections within the bearer's reach; null where tokens don't say, for all.</summary>
    public string? CollectionsClaim { get; init; }

    /// <summary>Fields of metadata, each with the claim whose value the bearer is bound to.</summary>
    public IReadOnlyDictionary<string, string> ScopeClaims { get; init; } = ScopeFields.None;
}
