namespace McpQdrant.Server.Access.OAuth;

/// <summary>Tokens can't be checked just now: nothing is said about the token.</summary>
internal sealed class AuthorityUnreachableException(Exception innerException)
    : Exception("The authorization server of this server can't be reached, so tokens can't be checked. Try again in a moment.", innerException);
