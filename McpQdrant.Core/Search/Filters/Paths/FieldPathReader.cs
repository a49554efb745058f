using System.Globalization;
using System.Text;

namespace McpQdrant.Core.Search.Filters;

/// <summary>Takes the text of a path apart.</summary>
internal ref struct FieldPathReader(string text)
{
    private ReadOnlySpan<char> _rest = text;

    /// <summary>Whether a key may stand in a path without quotes.</summary>
    public static bool IsPlain(ReadOnlySpan<char> key) => key.Length > 0 && PlainLength(key) == key.Length;

    public bool TryRead(out PathStep[] steps)
    {
        var read = new List<PathStep>();
        var isRead = Key(read);
        while (isRead && !_rest.IsEmpty)
            isRead = _rest[0] switch
            {
                '.' => Skip(1) && Key(read),
                '[' => Skip(1) && Element(read),
                _ => false,
            };

        steps = [.. read];
        return isRead;
    }

    private bool Key(List<PathStep> steps)
    {
        if (_rest.StartsWith('"'))
            return Skip(1) && QuotedKey(steps);

        var length = PlainLength(_rest);
        steps.Add(new PathStep(_rest[..length].ToString(), 0));
        return Skip(length) && length > 0;
    }

    // There is no escape: a key that holds a quote or a backslash can't be named.
    private bool QuotedKey(List<PathStep> steps)
    {
        var length = _rest.IndexOfAny('"', '\\');
        if (length < 0 || _rest[length] != '"')
            return false;

        steps.Add(new PathStep(_rest[..length].ToString(), 0));
        return Skip(length + 1);
    }

    private bool Element(List<PathStep> steps)
    {
        var length = _rest.IndexOf(']');
        if (length < 0)
            return false;

        var digits = _rest[..length];
        Skip(length + 1);
        if (digits.IsEmpty)
        {
            steps.Add(PathStep.Every);
            return true;
        }

        // No list is longer than int.MaxValue, so an index beyond it may as well be it.
        var isRead = ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        steps.Add(new PathStep(null, (int)Math.Min(index, int.MaxValue)));
        return isRead;
    }

    private bool Skip(int length)
    {
        _rest = _rest[length..];
        return true;
    }

    // Letters and numbers of any script. Qdrant also takes the vowel signs of some scripts, which here want quotes; those both understand.
    private static int PlainLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune) && !Rune.IsNumber(rune) && rune.Value is not ('_' or '-'))
                break;
            length += rune.Utf16SequenceLength;
        }

        return length;
    }
}
