using System.Security.Claims;

namespace McpQdrant.Core.Access;

/// <summary>Who calls, and what that caller may do.</summary>
public sealed record Caller
{
    private static readonly IReadOnlyList<ToolName> AllTools = Enum.GetValues<ToolName>();

    /// <summary>Tells callers apart: in the audit, in limits, for confirmation codes and collections of their own.</summary>
    /// <remarks>Names of callers with tokens start with <c>oauth:</c>, and others have no colon, so that nobody can take another's.</remarks>
    public required string Name { get; init; }

    public Rights Rights { get; init; }

    /// <summary>Patterns of the collections within reach; <c>*</c> stands for any characters.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    public IReadOnlyList<ToolName> Tools { get; init; } = AllTools;

    /// <summary>How many requests a minute; 0 for any number, null for the server's own limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Fields of metadata (<see cref="ScopeFields"/>) with the values to which the caller is bound: it meets and writes no memory that has others.</summary>
    public IReadOnlyDictionary<string, string> Pins { get; init; } = ScopeFields.None;

    /// <summary>Fields of metadata with the values that what it stores gets, where a call doesn't say others.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ScopeFields.None;

    /// <summary>Whether its rights are the scopes of a token, of which it may ask its authorization server for more.</summary>
    public bool HasScopes { get; init; }

    /// <summary>Whoever started this process and speaks to it over its standard input.</summary>
    public static Caller Local { get; } = new() { Name = "local", Rights = Rights.All | Rights.Administer, Collections = ["*"] };

    /// <summary>Whoever reaches a server that asks for no authentication.</summary>
    public static Caller Anonymous { get; } = new() { Name = "anonymous", Rights = Rights.All, Collections = ["*"] };

    /// <summary>Whoever should have been authenticated and was not: may do nothing.</summary>
    public static Caller Unauthenticated { get; } = new() { Name = "nobody" };

    /// <summary>Whoever has the key of <c>MCP_API_KEY</c>.</summary>
    public static Caller KeyHolder { get; } = new() { Name = "default", Rights = Rights.All, Collections = ["*"] };

    /// <summary>Names that no other caller may have: it would share collections, limits and confirmation codes with one of these.</summary>
    public static IReadOnlyList<string> ReservedNames { get; } = [Local.Name, Anonymous.Name, Unauthenticated.Name, KeyHolder.Name];

    /// <summary>The caller as an authenticated user, for as long as a request lasts.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme) => new(new CallerIdentity(this, scheme));

    /// <returns>Null where the user was not authenticated here.</returns>
    public static Caller? Of(ClaimsPrincipal? user) => (user?.Identity as CallerIdentity)?.Caller;

    private sealed class CallerIdentity(Caller caller, string scheme)
        // The SDK binds a session to this claim, so that no other caller can go on with it.
        : ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.Name)], scheme)
    {
        public Caller Caller { get; } = caller;
    }
}
