namespace McpQdrant.Tests.Qdrant;

/// <summary>What a key may do.</summary>
/// <param name="Collection">The only collection it covers; null for all.</param>
/// <param name="Refusal">What a token that isn't valid is refused with; null for a good one.</param>
internal sealed record StandInAccess(bool MayWrite, string? Collection = null, string? Refusal = null)
{
    public static readonly StandInAccess Everything = new(MayWrite: true);

    /// <exception cref="StandInFailure">The key doesn't allow it.</exception>
    public void Check(string? collection, bool isWrite, bool isOfServer, bool exists)
    {
        if (Refusal is not null)
            throw new StandInFailure(403, Refusal, isPlain: true);

        if (Collection is { } own)
        {
            if (isOfServer && isWrite)
                throw new StandInFailure(403, "Forbidden: Global access is required");
            if (collection is not null && collection != own)
                throw new StandInFailure(403, $"Forbidden: Access to collection {collection} is required");
            if (isWrite && !MayWrite)
                throw new StandInFailure(403, $"Forbidden: Write access to collection {own} is required");
        }
        else if (isWrite && !MayWrite)
        {
            if (!isOfServer && !exists && collection is not null)
                throw StandInFailure.NoCollection(collection);
            throw new StandInFailure(403, "Forbidden: Global manage access is required");
        }
    }
}
