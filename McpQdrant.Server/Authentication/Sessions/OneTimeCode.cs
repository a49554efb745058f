using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace McpQdrant.Server.Authentication.Sessions;

/// <summary>Opens one session, in place of a key: whoever finds it later, in a browser's history for instance, has nothing.</summary>
internal sealed class OneTimeCode
{
    private int _isUsed;

    public string Text { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether this is the code, and nobody used it before.</summary>
    public bool TryUse(string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Text)) && Interlocked.Exchange(ref _isUsed, 1) == 0;
}
