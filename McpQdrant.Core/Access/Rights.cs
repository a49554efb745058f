namespace McpQdrant.Core.Access;

/// <summary>What a caller may do with the memories within its reach.</summary>
[Flags]
public enum Rights
{
    None = 0,
    Read = 1,
    Write = 2,
    Forget = 4,
    All = Read | Write | Forget,

    /// <summary>What an operator does to whole collections, by their names in the store. No key and no token gives it.</summary>
    Administer = 8,
}

/// <summary>Rights as OAuth scopes.</summary>
public static class Scopes
{
    private static readonly (Rights Right, string Scope)[] All =
        [(Rights.Read, "memory:read"), (Rights.Write, "memory:write"), (Rights.Forget, "memory:forget")];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Scope)];

    public static Rights Parse(IEnumerable<string> scopes) =>
        scopes.Aggregate(Rights.None, (rights, scope) => rights | All.FirstOrDefault(entry => entry.Scope == scope).Right);

    /// <summary>For a header, for instance <c>memory:read memory:write</c>.</summary>
    public static string Of(Rights rights) => string.Join(' ', All.Where(entry => rights.HasFlag(entry.Right)).Select(entry => entry.Scope));

    /// <summary>For a sentence, for instance <c>the right 'write'</c>.</summary>
    public static string Describe(Rights rights)
    {
        string[] names =
        [
            .. All.Where(entry => rights.HasFlag(entry.Right)).Select(entry => $"'{entry.Scope["memory:".Length..]}'"),
            .. rights.HasFlag(Rights.Administer) ? ["'administer'"] : Array.Empty<string>(),
        ];
        return $"the {(names.Length == 1 ? "right" : "rights")} {string.Join(" and ", names)}";
    }
}
