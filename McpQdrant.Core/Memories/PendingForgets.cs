using System.Security.Cryptography;
using McpQdrant.Core.Collections;

namespace McpQdrant.Core.Memories;

/// <summary>Deletions that were shown and wait for their confirmation; kept in this process, for five minutes.</summary>
public sealed class PendingForgets(TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Previews that nobody confirms must not pile up: the owner's oldest gives way, so that nobody drives out another's.</summary>
    private const int CapacityOfOwner = 10;

    private const int Capacity = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pending> _byCode = [];

    public (string Code, DateTimeOffset ExpiresAt) Add(string owner, CollectionName collection, IReadOnlyList<MemoryId> ids)
    {
        var code = RandomNumberGenerator.GetHexString(12, lowercase: true);
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            foreach (var (expired, _) in _byCode.Where(entry => entry.Value.ExpiresAt <= now).ToArray())
                _byCode.Remove(expired);
            if (_byCode.Count(entry => entry.Value.Owner == owner) >= CapacityOfOwner)
                _byCode.Remove(_byCode.Where(entry => entry.Value.Owner == owner).MinBy(entry => entry.Value.ExpiresAt).Key);
            else if (_byCode.Count >= Capacity)
                _byCode.Remove(_byCode.MinBy(entry => entry.Value.ExpiresAt).Key);
            _byCode[code] = new Pending(owner, collection, ids, now + Lifetime);
        }
        return (code, now + Lifetime);
    }

    /// <exception cref="MemoryException">The code is not good; the same words whatever the reason, so that nobody can probe others' codes.</exception>
    public IReadOnlyList<MemoryId> Take(string owner, CollectionName collection, string code)
    {
        lock (_lock)
        {
            if (_byCode.TryGetValue(code, out var found) && found.Owner == owner && found.Collection == collection
                && found.ExpiresAt > clock.GetUtcNow() && _byCode.Remove(code))
                return found.Ids;
        }
        throw new MemoryException("This confirmation code is unknown here, used already, or older than five minutes. Nothing was deleted; ask again with the filter for a new one.");
    }

    private sealed record Pending(string Owner, CollectionName Collection, IReadOnlyList<MemoryId> Ids, DateTimeOffset ExpiresAt);
}
