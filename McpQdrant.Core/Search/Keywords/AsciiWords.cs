using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace McpQdrant.Core.Search.Keywords;

/// <summary>Finds the words of ASCII text, <see cref="Units"/> characters at a time: a bit for each, the lowest one for the first, whether it is a letter or a digit.</summary>
internal static class AsciiWords
{
    public const int Units = 16;

    /// <returns>False where fewer characters are left, or not all of them are ASCII.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out uint units)
    {
        units = 0;
        if (text.Length < Units)
            return false;

        ref var first = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<char, ushort>(text));
        var (low, high) = (Vector128.LoadUnsafe(ref first), Vector128.LoadUnsafe(ref first, Units / 2));
        if (((low | high) & Vector128.Create((ushort)0xFF80)) != Vector128<ushort>.Zero)
            return false;

        var bytes = Vector128.Narrow(low, high);
        var letters = Vector128.LessThan((bytes | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
        var digits = Vector128.LessThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)10));
        units = (letters | digits).ExtractMostSignificantBits();
        return true;
    }

    /// <summary>Reads what is left, too, which has to be ASCII.</summary>
    public static uint Read(ReadOnlySpan<char> text)
    {
        if (TryRead(text, out var units))
            return units;

        for (var i = 0; i < text.Length; i++)
            units |= char.IsAsciiLetterOrDigit(text[i]) ? 1u << i : 0;
        return units;
    }

    /// <summary>The first characters of words.</summary>
    /// <param name="isInWord">Whether the character before was of a word.</param>
    public static uint Starts(uint units, bool isInWord) => units & ~((units << 1) | (isInWord ? 1u : 0));

    public static bool EndsInWord(uint units) => (units >> (Units - 1)) != 0;

    /// <summary>The word that a text begins with.</summary>
    public static ReadOnlySpan<char> First(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiLetterOrDigit(text[length]))
            length++;
        return text[..length];
    }
}
