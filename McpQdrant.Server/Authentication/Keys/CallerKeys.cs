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
    public CallerKey? Find(ReadOnlySpan<byte> sha256)
    {
        CallerKey? found = null;
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Sha256, sha256))
                found = key;
        }
        return found;
    }
}

/// <summary>Whose key has which SHA-256.</summary>
internal sealed record CallerKey(byte[] Sha256, Caller Caller)
{
    /// <summary>Fields of metadata that each request with this key says in a header; see <see cref="ScopeHeader"/>.</summary>
    public IReadOnlyList<string> ScopeHeaders { get; init; } = [];

    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
