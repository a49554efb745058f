using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace McpQdrant.Server.Authentication.Keys;

/// <summary>A key that was just made, and the entry by which the access file knows it.</summary>
internal sealed record NewKey(string Key, CallerEntry Entry)
{
    /// <summary>Tells people and secret scanners what it is.</summary>
    private const string Prefix = "mcpq_";

    /// <summary>As many as the hash has: nobody guesses the one from the other.</summary>
    private const int RandomBytes = 32;

    /// <param name="name">Whose it is to be.</param>
    public static NewKey For(string name)
    {
        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return new NewKey(key, new CallerEntry
        {
            Name = name,
            Sha256 = Convert.ToHexStringLower(CallerKey.HashOf(key)),
            Collections = ["*"],
            Read = true,
            Write = true,
        });
    }

    /// <summary>The entry as one line of JSON.</summary>
    public string EntryJson => JsonSerializer.Serialize(Entry, AccessJson.Default.CallerEntry);

    /// <summary>An access file with this entry alone.</summary>
    public string FileJson => JsonSerializer.Serialize(new AccessDocument([Entry]), AccessJson.Default.AccessDocument);

    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Entry.Name}";
}
