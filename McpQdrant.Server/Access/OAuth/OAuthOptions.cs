namespace McpQdrant.Server.Access.OAuth;

/// <summary>Whose tokens are accepted.</summary>
internal sealed record OAuthOptions
{
    /// <summary>The authorization server; its keys come from <c>/.well-known/openid-configuration</c> below it.</summary>
    public required Uri Authority { get; init; }

    /// <summary>Whom a token must be for: usually this server's public address.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim with patterns of the collections within the bearer's reach; null where tokens don't say, for all.</summary>
    public string? CollectionsClaim { get; init; }
}
