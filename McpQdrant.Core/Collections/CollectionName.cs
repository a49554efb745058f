using System.Buffers;
using System.Text;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Collections;

/// <summary>A collection's name, checked by Qdrant's own rules, so that both stores take the same names.</summary>
/// <remarks>
/// A caller may know a collection by a shorter name than the store does. Stores go by <see cref="Value"/>, which alone counts for
/// equality; <see cref="ToString"/> is what the caller calls it, so whatever is said to the caller says that.
/// </remarks>
public readonly record struct CollectionName
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int MaxBytes = CollectionNameRule.MaxBytes;

    /// <summary>Where a Qdrant server keeps the log of changes. It is no collection of memories, and nobody's.</summary>
    public const string ChangeLog = "mcp-qdrant-changes";

    private readonly string _shown;

    private CollectionName(string value, string shown) => (Value, _shown) = (value, shown);

    /// <summary>The name in the store; empty where <see cref="IsInaccessible"/>.</summary>
    public string Value { get; }

    /// <summary>Whether it stands for a collection that isn't the caller's: to the caller it doesn't exist, and nothing can be stored in it.</summary>
    public bool IsInaccessible => Value.Length == 0;

    /// <exception cref="MemoryException">The text is no name that Qdrant would take; the message says why.</exception>
    public static CollectionName Parse(string text) =>
        CollectionNameRule.Refusal(text) is { } reason ? throw new MemoryException(reason) : new CollectionName(text, text);

    /// <summary>The same name within those that start with <paramref name="prefix"/>, which the caller doesn't see.</summary>
    /// <exception cref="MemoryException">It would be too long.</exception>
    public CollectionName Within(string prefix) => new(Parse(prefix + Value).Value, _shown);

    /// <summary>The name as seen by a caller to whom all names start with <paramref name="prefix"/>; null where this one doesn't.</summary>
    public CollectionName? Without(string prefix) =>
        Value.StartsWith(prefix, StringComparison.Ordinal) && Value[prefix.Length..] is var shown && CollectionNameRule.Refusal(shown) is null
            ? new CollectionName(Value, shown)
            : null;

    /// <summary>What a caller may not touch, under the name that the caller gave it.</summary>
    public CollectionName ToInaccessible() => new("", _shown);

    public bool Equals(CollectionName other) => Value == other.Value;

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _shown;
}

/// <summary>Which names a collection may have.</summary>
/// <remarks>
/// Qdrant refuses <c>/ \ : * ? " &lt; &gt; |</c> and NUL, allows 255 characters, and hands <c>.</c>, <c>..</c> and names above
/// 255 bytes to its file system, which fails; those are refused here as well.
/// </remarks>
public static class CollectionNameRule
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
