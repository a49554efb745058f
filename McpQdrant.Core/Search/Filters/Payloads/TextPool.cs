using System.Text.Json;

namespace McpQdrant.Core.Search.Filters;

/// <summary>Gives one string for equal texts where it can, so that keys and words that recur in thousands of payloads are kept once.</summary>
/// <remarks>A table of fixed size in which a newer text replaces an older one: it can't grow, and needs no lock, for any outcome of a race is right.</remarks>
internal sealed class TextPool
{
    /// <summary>Longer texts seldom recur.</summary>
    private const int LongestText = 40;

    /// <summary>32 KiB of references; a power of two.</summary>
    private const int TextSlots = 4096;

    /// <summary>Shapes of objects; a power of two.</summary>
    private const int KeySlots = 256;

    private readonly string?[] _texts = new string?[TextSlots];
    private readonly string[]?[] _keys = new string[]?[KeySlots];

    /// <summary>The text that the reader stands on.</summary>
    /// <exception cref="InvalidOperationException">It isn't well-formed Unicode.</exception>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestText)
            return reader.GetString()!;

        Span<char> buffer = stackalloc char[LongestText];
        ReadOnlySpan<char> text = buffer[..reader.CopyString(buffer)];
        ref var slot = ref _texts[string.GetHashCode(text) & (TextSlots - 1)];
        var known = slot;
        if (known is null || !text.SequenceEqual(known))
            slot = known = text.ToString();
        return known;
    }

    /// <summary>An array of these keys, perhaps one that others use.</summary>
    public string[] Share(ReadOnlySpan<string> keys)
    {
        var hash = new HashCode();
        foreach (var key in keys)
            hash.Add(key);

        ref var slot = ref _keys[hash.ToHashCode() & (KeySlots - 1)];
        var known = slot;
        if (known is null || !keys.SequenceEqual(known))
            slot = known = keys.ToArray();
        return known;
    }
}
