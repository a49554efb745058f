using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace McpQdrant.Server.Authentication.Sessions;

/// <summary>Sessions of people who signed in with a key. The server keeps nothing: all that it has to know is in the cookie, encrypted.</summary>
/// <remarks>
/// A ticket holds its end, a random number that makes it a session of its own, and the SHA-256 of the key (AES-256-GCM). The key is looked up again
/// at each request, so whoever's key is taken away is out at once. Servers with the same secret accept each other's.
/// </remarks>
internal sealed class BrowserSessions
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private const int TimeBytes = 8;
    private const int IdBytes = 16;
    private const int PlainBytes = TimeBytes + IdBytes + SHA256.HashSizeInBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int TicketBytes = NonceBytes + PlainBytes + TagBytes;

    private readonly TimeProvider _clock;
    private readonly byte[] _ticketKey;
    private readonly byte[] _tokenKey;

    /// <param name="secret">What servers that accept each other's sessions share; null for one of this process alone.</param>
    public BrowserSessions(string? secret, TimeProvider clock)
    {
        _clock = clock;
        var root = secret is null ? RandomNumberGenerator.GetBytes(32) : Encoding.UTF8.GetBytes(secret);
        _ticketKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, root, 32, info: "mcp-server-qdrant browser sessions"u8.ToArray());
        _tokenKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, root, 32, info: "mcp-server-qdrant CSRF tokens"u8.ToArray());
    }

    /// <summary>A new session. Whatever cookie the browser had before plays no part in it.</summary>
    /// <param name="keySha256">Of the key that was shown.</param>
    public (string Ticket, BrowserSession Session) Open(ReadOnlySpan<byte> keySha256)
    {
        var ticket = new byte[TicketBytes];
        RandomNumberGenerator.Fill(ticket.AsSpan(0, NonceBytes));
        Span<byte> plain = stackalloc byte[PlainBytes];
        BinaryPrimitives.WriteInt64BigEndian(plain, (_clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(plain.Slice(TimeBytes, IdBytes));
        keySha256.CopyTo(plain[(TimeBytes + IdBytes)..]);
        using var aes = new AesGcm(_ticketKey, TagBytes);
        aes.Encrypt(ticket.AsSpan(0, NonceBytes), plain, ticket.AsSpan(NonceBytes, PlainBytes), ticket.AsSpan(NonceBytes + PlainBytes));
        return (Base64Url.EncodeToString(ticket), SessionOf(plain));
    }

    /// <returns>Null for what no server with this secret made, for what was changed, and for what is too old.</returns>
    public BrowserSession? Read(string ticket)
    {
        if (!Base64Url.IsValid(ticket, out var length) || length != TicketBytes)
            return null;

        var bytes = Base64Url.DecodeFromChars(ticket).AsSpan();
        Span<byte> plain = stackalloc byte[PlainBytes];
        using var aes = new AesGcm(_ticketKey, TagBytes);
        try
        {
            aes.Decrypt(bytes[..NonceBytes], bytes.Slice(NonceBytes, PlainBytes), bytes[(NonceBytes + PlainBytes)..], plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return BinaryPrimitives.ReadInt64BigEndian(plain) > _clock.GetUtcNow().ToUnixTimeMilliseconds() ? SessionOf(plain) : null;
    }

    private BrowserSession SessionOf(ReadOnlySpan<byte> plain) => new(
        plain[(TimeBytes + IdBytes)..].ToArray(),
        Base64Url.EncodeToString(HMACSHA256.HashData(_tokenKey, plain.Slice(TimeBytes, IdBytes))));
}

/// <param name="KeySha256">Of the key with which somebody signed in.</param>
/// <param name="CsrfToken">What a request that changes something has to bring along: a page of others can't know it.</param>
internal sealed record BrowserSession(byte[] KeySha256, string CsrfToken)
{
    public bool Accepts(string? token) =>
        token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(CsrfToken));
}
