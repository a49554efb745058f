using System.IO.Enumeration;
using System.Security.Claims;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Access;

/// <summary>The one place that says who may do what, for tools, resources, completions and lists, over every transport.</summary>
/// <param name="unauthenticated">Who calls where nobody was authenticated.</param>
public sealed class AccessPolicy(AccessBounds bounds, Caller unauthenticated, AuditLog audit)
{
    public Caller CallerOf(ClaimsPrincipal? user) => Caller.Of(user) ?? unauthenticated;

    /// <summary>Whether nobody may write or delete.</summary>
    public bool IsReadOnly => bounds.ReadOnly;

    public bool MayUse(Caller caller, ToolName tool) => caller.Tools.Contains(tool) && IsOffered(caller, tool) && Has(caller, tool.Needed());

    /// <exception cref="AccessDeniedException">The caller may not; the message says what is missing.</exception>
    public void Demand(Caller caller, Operation operation)
    {
        if (operation.Tool is { } tool && !(caller.Tools.Contains(tool) && IsOffered(caller, tool)))
            throw Refused(caller, operation.Name, $"You may not use {operation.Name}. Ask the operator of this server.");
        if (!Has(caller, operation.Needed))
            throw Refused(caller, operation.Name, $"You may not use {operation.Name}: it takes {Scopes.Describe(operation.Needed & ~InForce(caller))}. Ask the operator of this server.", operation.Needed);
        if (operation.IsForWholeCollections && caller.Pins.Count + bounds.Pins.Count > 0)
            throw Refused(caller, operation.Name, $"{operation.Name} is about all memories, and the settings bind this program to some of them. Run it without MEMORY_SCOPE.");
    }

    /// <summary>Which memories a caller may meet in the collections within its reach.</summary>
    /// <exception cref="AccessDeniedException">It is bound to other values than the server is.</exception>
    public MemoryScope ScopeOf(Caller caller, Operation operation)
    {
        if (caller.Pins.Count + caller.Labels.Count + bounds.Pins.Count + bounds.Labels.Count == 0)
            return MemoryScope.Everything;
        if (caller.Pins.Any(pin => bounds.Pins.TryGetValue(pin.Key, out var value) && value != pin.Value))
            throw Refused(caller, operation.Name, "You work for others than this server does. Ask the operator of this server.");

        return new MemoryScope(audit, caller.Name, operation.Name, Union(caller.Pins, bounds.Pins), Union(caller.Labels, bounds.Labels));
    }

    /// <summary>Of a field that both have, the first one's value counts.</summary>
    private static Dictionary<string, string> Union(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second)
    {
        var all = new Dictionary<string, string>(second, StringComparer.Ordinal);
        foreach (var (field, value) in first)
            all[field] = value;
        return all;
    }

    public bool Has(Caller caller, Rights needed) => (needed & ~InForce(caller)) == Rights.None;

    /// <summary>The collection that a caller means.</summary>
    /// <param name="asked">What the caller calls it.</param>
    /// <returns>Its name in the store; one that leads nowhere if the caller may not touch it, so that nobody can tell whether it exists.</returns>
    public CollectionName Resolve(Caller caller, CollectionName asked, string action)
    {
        if (!IsOffered(asked.ToString()))
            return asked.ToInaccessible();
        if (!IsInReach(caller, asked.ToString()))
        {
            audit.Refused(caller.Name, action, asked.ToString(), "this collection");
            return asked.ToInaccessible();
        }
        var name = asked.Within(CollectionPrefix.For(bounds.CollectionPrefix, caller.Name));
        return name.Value == CollectionName.ChangeLog ? asked.ToInaccessible() : name;
    }

    /// <summary>Those of a store's collections that a caller may know of, by the names that the caller gives them.</summary>
    public IEnumerable<CollectionName> Visible(Caller caller, IEnumerable<CollectionName> all)
    {
        if (!Has(caller, Rights.Read))
            yield break;

        var prefix = CollectionPrefix.For(bounds.CollectionPrefix, caller.Name);
        foreach (var name in all)
        {
            if (name.Without(prefix) is { } shown && IsOffered(shown.ToString()) && IsInReach(caller, shown.ToString()))
                yield return shown;
        }
    }

    private Rights InForce(Caller caller) => bounds.ReadOnly ? caller.Rights & (Rights.Read | Rights.Administer) : caller.Rights;

    /// <remarks>Whoever works at the machine itself is bound by what it is shown.</remarks>
    private bool IsOffered(Caller caller, ToolName tool) => bounds.Tools is not { } tools || caller.Rights.HasFlag(Rights.Administer) || tools.Contains(tool);

    /// <summary>Whether calls may name this collection: any, unless the server is bound to one.</summary>
    private bool IsOffered(string name) => bounds.OnlyCollection is not { } only || only == name;

    private bool IsInReach(Caller caller, string name) =>
        (bounds.Collections.Count == 0 || Matches(bounds.Collections, name)) && Matches(caller.Collections, name);

    /// <remarks>Names hold no <c>?</c> and no backslash, the other signs with a meaning of their own.</remarks>
    private static bool Matches(IReadOnlyList<string> patterns, string name)
    {
        foreach (var pattern in patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
                return true;
        }
        return false;
    }

    private AccessDeniedException Refused(Caller caller, string action, string sentence, Rights needed = Rights.None)
    {
        audit.Refused(caller.Name, action, collection: null, "this action");
        return new AccessDeniedException(sentence) { Needed = needed };
    }
}

/// <summary>What nobody may do, whoever calls.</summary>
public sealed record AccessBounds
{
    /// <summary>Nothing may be written or deleted.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>What callers from elsewhere may do, by the tools of the same effect; null for all.</summary>
    public IReadOnlyList<ToolName>? Tools { get; init; }

    /// <summary>The one collection that calls may be about, by the name that callers give; null for any.</summary>
    public string? OnlyCollection { get; init; }

    /// <summary>Patterns of the collections that may be touched at all, by the names that callers give; none for every collection.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <inheritdoc cref="Caller.Pins"/>
    public IReadOnlyDictionary<string, string> Pins { get; init; } = ScopeFields.None;

    /// <inheritdoc cref="Caller.Labels"/>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ScopeFields.None;

    /// <summary>What the names of all collections start with, unseen by callers; <c>{caller}</c> stands for the caller's name.</summary>
    public string CollectionPrefix { get; init; } = "";
}

/// <summary>The caller may not do this.</summary>
public sealed class AccessDeniedException(string message) : MemoryException(message)
{
    /// <summary>The rights that it takes, where one of them is missing.</summary>
    public Rights Needed { get; init; }
}
