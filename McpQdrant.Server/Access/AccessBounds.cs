namespace McpQdrant.Server.Access;

/// <summary>What nobody may do, whoever calls.</summary>
internal sealed record AccessBounds
{
    /// <summary>Nothing may be written or deleted.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Patterns of the collections that may be touched at all, by the names that callers give; none for every collection.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>What the names of all collections start with, unseen by callers; <c>{caller}</c> stands for the caller's name.</summary>
    public string CollectionPrefix { get; init; } = "";
}
