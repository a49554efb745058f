using McpQdrant.Core.Access;

namespace McpQdrant.Memories.Mapping;

/// <summary>Callers of the public API as those of the core.</summary>
internal static class Callers
{
    private const int MaxNameLength = 100;

    /// <exception cref="MemoriesException">It has a name that it can't have, or a scope that there isn't.</exception>
    public static Caller Of(MemoryCaller? caller)
    {
        if (caller is null)
            return Caller.Local;
        if (caller.Name is not { Length: > 0 and <= MaxNameLength } name || name.Any(character => char.IsControl(character) || character == ':'))
            throw new MemoriesException($"A caller's name has 1 to {MaxNameLength} characters on one line, without a colon.");
        if (Caller.ReservedNames.Contains(name, StringComparer.Ordinal))
            throw new MemoriesException($"A caller can't be called '{name}': that is a name of McpQdrant's own. Choose another one.");
        foreach (var (field, value) in caller.Scope)
        {
            if (ScopeFields.Problem(field, value) is { } problem)
                throw new MemoriesException($"The scope of the caller '{name}' {problem}.");
        }

        return new Caller
        {
            Name = name,
            Rights = RightsOf(caller.Rights),
            Collections = caller.Collections,
            Pins = caller.Scope,
        };
    }

    private static Rights RightsOf(MemoryRights rights) =>
        (rights.HasFlag(MemoryRights.Read) ? Rights.Read : Rights.None)
        | (rights.HasFlag(MemoryRights.Write) ? Rights.Write : Rights.None)
        | (rights.HasFlag(MemoryRights.Forget) ? Rights.Forget : Rights.None);
}
