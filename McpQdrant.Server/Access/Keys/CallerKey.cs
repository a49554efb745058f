using System.Security.Cryptography;
using System.Text;

namespace McpQdrant.Server.Access.Keys;

/// <summary>Whose key has which SHA-256.</summary>
internal sealed record CallerKey(byte[] Sha256, Caller Caller)
{
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
