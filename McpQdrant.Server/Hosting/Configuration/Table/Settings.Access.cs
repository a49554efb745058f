using System.Net;
using McpQdrant.Core.Access;
using McpQdrant.Server.Mcp.Asking;

namespace McpQdrant.Server.Hosting.Configuration;

internal static partial class Settings
{
    public static readonly Setting<string?> ApiKey = new("MCP_API_KEY", Formats.Key.OrNull())
    {
        IsSecret = true,
        Meaning = "The key that callers send, as `Authorization: Bearer` or `X-API-Key`.",
    };

    public static readonly Setting<string?> AccessFile = new("MCP_ACCESS_FILE", PathFormats.ExistingFile.OrNull())
    {
        Meaning = "A JSON file of callers, with what each may do. It is read again when it changes.",
    };

    public static readonly Setting<bool> AllowAnonymous = new("MCP_ALLOW_ANONYMOUS", Formats.Boolean)
    {
        Default = "false",
        Meaning = "Serves callers without any authentication, also on an address that others reach.",
    };

    public static readonly Setting<Uri?> OAuthAuthority = new("MCP_OAUTH_AUTHORITY", HttpAddress.SecureFormat.OrNull())
    {
        Meaning = "The OAuth 2.1 authorization server whose tokens are accepted.",
    };

    public static readonly Setting<string?> OAuthAudience = new("MCP_OAUTH_AUDIENCE", Formats.Name.OrNull())
    {
        Meaning = "The audience that a token must be for: usually this server's public address.",
    };

    public static readonly Setting<string?> OAuthCollectionsClaim = new("MCP_OAUTH_COLLECTIONS_CLAIM", Formats.Name.OrNull())
    {
        UnsetMeaning = "none: every collection",
        Meaning = "The claim of a token that names the collections its bearer may touch.",
    };

    public static readonly Setting<IReadOnlyDictionary<string, string>> OAuthScopeClaims = new("MCP_OAUTH_SCOPE_CLAIMS", ScopeFormat.Claims)
    {
        Unset = ScopeFields.None,
        UnsetMeaning = "none",
        Meaning = "Binds the bearer of a token to the memories whose metadata have the value of a claim: `user=sub,project=team` takes `user` from `sub`. A token without such a claim is refused.",
    };

    public static readonly Setting<IReadOnlyDictionary<string, string>> Scope = new("MEMORY_SCOPE", ScopeFormat.Values)
    {
        Unset = ScopeFields.None,
        UnsetMeaning = "every memory",
        Meaning = "Binds every call to the memories whose metadata have these values, of `user`, `agent`, `session` and `project`: `user=anna,project={git}`. No other memory is found, changed or deleted, "
            + "and what is stored gets these values. `{git}` is the name of the repository's folder in which the program was started.",
    };

    public static readonly Setting<IReadOnlyDictionary<string, string>> Labels = new("MEMORY_LABELS", ScopeFormat.Values)
    {
        Unset = ScopeFields.None,
        UnsetMeaning = "none",
        Meaning = "What is stored gets these values in its metadata, where a call gives no others: `agent=ci,project={git}`. It bounds nothing.",
    };

    public static readonly Setting<IReadOnlyList<string>> AllowedOrigins = new("MCP_ALLOWED_ORIGINS", AccessFormats.Origins)
    {
        Unset = [],
        UnsetMeaning = "this machine's",
        Meaning = "Web pages that may call the server from a browser, besides those of this machine.",
    };

    public static readonly Setting<IReadOnlyList<string>> AllowedHosts = new("MCP_ALLOWED_HOSTS", AccessFormats.Hosts)
    {
        Unset = [],
        UnsetMeaning = "this machine's",
        Meaning = "Names under which the server is reached, besides those of this machine. `*` gives up the protection against DNS "
            + "rebinding.",
    };

    public static readonly Setting<IReadOnlyList<IPNetwork>> TrustedProxies = new("MCP_TRUSTED_PROXIES", AccessFormats.Networks)
    {
        Unset = [],
        Meaning = "Proxies whose `X-Forwarded-For` is believed.",
    };

    public static readonly Setting<IReadOnlyList<string>> Collections = new("MCP_COLLECTIONS", Formats.List(
        "names of collections, with commas between them; * stands for any characters", Formats.Name))
    {
        Unset = [],
        UnsetMeaning = "every collection",
        Meaning = "The collections that may be touched at all.",
    };

    public static readonly Setting<string?> CollectionPrefix = new("MCP_COLLECTION_PREFIX", AccessFormats.CollectionPrefix.OrNull())
    {
        Meaning = "Put before each collection's name, unseen by callers. With `{caller}` in it, each caller has collections of its own.",
    };

    public static readonly Setting<ConfirmationBy> ConfirmationBy = new("MEMORY_CONFIRM", Formats.Choice(
        ("auto", Mcp.Asking.ConfirmationBy.Auto), ("person", Mcp.Asking.ConfirmationBy.Person), ("code", Mcp.Asking.ConfirmationBy.Code)))
    {
        Default = "auto",
        Meaning = "Who confirms that `qdrant-forget` deletes what a filter matches: `auto` asks the person where the client can (elicitation), and gives the model a code elsewhere; "
            + "`person` refuses where the client can't; `code` never asks.",
    };

    public static readonly Setting<string?> ConfirmationKey = new("MCP_CONFIRMATION_KEY", Formats.Key.OrNull())
    {
        IsSecret = true,
        UnsetMeaning = "made from `MCP_API_KEY`; where that isn't set either, a key of each server's own",
        Meaning = "Signs the confirmation codes of `qdrant-forget`. Servers with the same key accept each other's codes.",
    };

    private static SettingGroup AccessGroup => new(
        "Access",
        "Over HTTP the server listens on this machine alone. On any other address it starts only with `MCP_API_KEY`, `MCP_ACCESS_FILE`, OAuth "
        + "(`MCP_OAUTH_AUTHORITY` and `MCP_OAUTH_AUDIENCE`), or `MCP_ALLOW_ANONYMOUS=true`.",
        [
            ApiKey, AccessFile, AllowAnonymous, OAuthAuthority, OAuthAudience, OAuthCollectionsClaim, OAuthScopeClaims, AllowedOrigins, AllowedHosts, TrustedProxies,
            Collections, CollectionPrefix, Scope, Labels, ConfirmationBy, ConfirmationKey,
        ]);
}
