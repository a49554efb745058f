using System.Buffers;
using System.Text;

namespace McpQdrant.Server.Configuration;

/// <summary>Which names a collection may have.</summary>
/// <remarks>
/// Qdrant refuses <c>/ \ : * ? " &lt; &gt; |</c> and NUL, allows 255 characters, and hands <c>.</c>, <c>..</c> and names above
/// 255 bytes to its file system, which fails; those are refused here as well.
/// </remarks>
internal static class CollectionNameRule
{
    public const int MaxBytes = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\:*?\"<>|\0");

    /// <summary>Why the text can't be a collection's name, in sentences; null where it can.</summary>
    public static string? Refusal(string text)
    {
        if (text.Length == 0)
            return $"The collection name is empty. Give a name of 1 to {MaxBytes} bytes.";
        if (text is "." or "..")
            return $"'{text}' can't be a collection's name. Choose another one.";
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
            return $"The collection name is longer than {MaxBytes} bytes. Choose a shorter one.";
        if (text.AsSpan().IndexOfAny(Forbidden) is var at and >= 0)
            return $"The collection name holds {Describe(text[at])}, which Qdrant doesn't allow. Leave out / \\ : * ? \" < > | and NUL.";

        return null;
    }

    private static string Describe(char forbidden) => forbidden == '\0' ? "a NUL character" : $"'{forbidden}'";
}
