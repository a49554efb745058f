using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Memories;

/// <summary>Whose codes a server accepts.</summary>
public sealed record ConfirmationOptions
{
    /// <summary>Signs the codes; servers with the same key accept each other's. Null for a key of this process alone.</summary>
    public string? Key { get; init; }
}

/// <summary>Codes by which a caller confirms a deletion that was shown. The server keeps nothing: all that it has to know is in the code, and signed.</summary>
/// <remarks>
/// A code holds its time, a hash of the ids and revisions that were shown and, where it is short, the filter that found them. The signature
/// (HMAC-SHA256) is over these, the caller's name and the collection, so a code is good for nobody else and for no other collection.
/// </remarks>
public sealed class ConfirmationCodes
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int TimeBytes = 8;
    private const int HashBytes = 12;
    private const int HeaderBytes = TimeBytes + 2 * HashBytes;

    /// <summary>A longer filter, compressed, would make the code too long to be copied; it is then given again with the code.</summary>
    private const int MaxFilterBytes = 300;

    private readonly TimeProvider _clock;
    private readonly byte[] _key;

    public ConfirmationCodes(ConfirmationOptions options, TimeProvider clock)
    {
        _clock = clock;
        _key = options.Key is { } key
            ? HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key), 32, info: "mcp-server-qdrant confirmation codes"u8.ToArray())
            : RandomNumberGenerator.GetBytes(32);
    }

    /// <param name="shown">What the filter found, by id.</param>
    /// <returns>The code, whether it is enough without the filter, and until when it is good.</returns>
    public (string Code, bool HoldsFilter, DateTimeOffset ExpiresAt) Create(string caller, CollectionName collection, Filter filter, IReadOnlyList<ReadMemory> shown)
    {
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds((_clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        var packed = Pack(filter);
        var holdsFilter = packed.Length <= MaxFilterBytes;
        var code = new byte[HeaderBytes + (holdsFilter ? packed.Length : 0)];
        BinaryPrimitives.WriteInt64BigEndian(code, expiresAt.ToUnixTimeMilliseconds());
        HashOf(shown).CopyTo(code, TimeBytes);
        if (holdsFilter)
            packed.CopyTo(code, HeaderBytes);
        Sign(caller, collection, code).CopyTo(code, TimeBytes + HashBytes);
        return (Base64Url.EncodeToString(code), holdsFilter, expiresAt);
    }

    /// <summary>Reads a code that this caller was given for this collection.</summary>
    /// <exception cref="MemoryException">It isn't one, or it is too old; the same words whatever the reason.</exception>
    public Confirmation Read(string caller, CollectionName collection, string text)
    {
        if (!Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: >= HeaderBytes } code
            || !CryptographicOperations.FixedTimeEquals(Sign(caller, collection, code), code.AsSpan(TimeBytes + HashBytes, HashBytes))
            || BinaryPrimitives.ReadInt64BigEndian(code) <= _clock.GetUtcNow().ToUnixTimeMilliseconds())
            throw new MemoryException(
                "This confirmation code was not given to you for this collection, or is older than five minutes. Nothing was deleted; ask again with the filter alone for a new one.");

        return new Confirmation(code[TimeBytes..(TimeBytes + HashBytes)], code.Length > HeaderBytes ? Unpack(code.AsSpan(HeaderBytes)) : null);
    }

    internal static byte[] HashOf(IEnumerable<ReadMemory> memories)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var memory in memories.OrderBy(memory => memory.Id))
            hash.AppendData(Encoding.UTF8.GetBytes($"{memory.Id} {memory.Revision}\n"));
        return hash.GetHashAndReset()[..HashBytes];
    }

    /// <summary>Over everything but the signature's own place. The lengths keep two texts from being read as two others.</summary>
    private byte[] Sign(string caller, CollectionName collection, ReadOnlySpan<byte> code)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{caller.Length}:{caller}{collection.Value.Length}:{collection.Value}"));
        hmac.AppendData(code[..(TimeBytes + HashBytes)]);
        hmac.AppendData(code[HeaderBytes..]);
        return hmac.GetHashAndReset()[..HashBytes];
    }

    private static byte[] Pack(Filter filter)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize))
            deflate.Write(Encoding.UTF8.GetBytes(filter.Json.GetRawText()));
        return packed.ToArray();
    }

    /// <remarks>Only a filter that was signed gets here, so it was checked before and is as long as it was then.</remarks>
    private static Filter Unpack(ReadOnlySpan<byte> packed)
    {
        using var deflate = new DeflateStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var json = JsonDocument.Parse(deflate, new JsonDocumentOptions { MaxDepth = 256 });
        return Filter.Parse(json.RootElement.Clone());
    }
}

/// <summary>What a good code says.</summary>
/// <param name="hash">Of the ids and revisions that were shown.</param>
/// <param name="filter">The filter that found them; null where it was too long for the code.</param>
public sealed class Confirmation(byte[] hash, Filter? filter)
{
    public Filter? Filter { get; } = filter;

    /// <summary>Whether exactly these memories were shown, each as it is.</summary>
    public bool IsOf(IEnumerable<ReadMemory> memories) => hash.AsSpan().SequenceEqual(ConfirmationCodes.HashOf(memories));
}
