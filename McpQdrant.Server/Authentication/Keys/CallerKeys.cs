using System.Security.Cryptography;
using System.Text;
using McpQdrant.Core.Access;

namespace McpQdrant.Server.Authentication.Keys;

/// <summary>Keys, and whose they are.</summary>
internal sealed class CallerKeys(IReadOnlyList<CallerKey> keys)
{
    public static CallerKeys None { get; } = new([]);

    public int Count => keys.Count;

    /// <remarks>Each key is compared in full, also after one that matched: how long it takes tells nothing.</remarks>
    /// <returns>Null where nobody has this key.</returns>
    public Caller? Find(ReadOnlySpan<byte> sha256)
    {
        Caller? found = null;
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Sha256, sha256))
                found = key.Caller;
        }
        return found;
    }
}

/// <summary>Whose key has which SHA-256.</summary>
internal sealed record CallerKey(byte[] Sha256, Caller Caller)
{
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
