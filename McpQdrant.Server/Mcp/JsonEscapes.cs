using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace McpQdrant.Server.Mcp;

/// <summary>Writes out the characters of a JSON text that are escaped without need.</summary>
/// <remarks>
/// The SDK writes every quote, <c>&lt;</c> and letter beyond ASCII as <c>\u…</c>: six bytes each, for a text in Japanese twice what it takes.
/// It has no setting for that. JSON needs escapes only for <c>"</c>, <c>\</c>, control characters, and halves of surrogate pairs. Kept are
/// also the characters that some clients take for the end of a line.
/// </remarks>
internal sealed class JsonEscapes
{
    /// <summary>The bytes of <c>\uXXXX</c>.</summary>
    private const int EscapeLength = 6;

    // The beginning of an escape whose rest comes with the next bytes.
    private readonly ArrayBufferWriter<byte> _begun = new(2 * EscapeLength);

    /// <param name="json">The next bytes of the text. Escapes may go on in the bytes after them.</param>
    public void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if (_begun.WrittenCount > 0)
        {
            byte[] whole = [.. _begun.WrittenSpan, .. json];
            _begun.ResetWrittenCount();
            WriteFrom(whole, output);
        }
        else
        {
            WriteFrom(json, output);
        }
    }

    private void WriteFrom(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        while (json.IndexOf((byte)'\\') is var at && at >= 0)
        {
            output.Write(json[..at]);
            json = json[at..];
            var length = LengthOfEscape(json);
            if (length > json.Length)
            {
                _begun.Write(json);
                return;
            }
            if (length == 2 * EscapeLength && Unescaped(json[..length]) is null)
                length = EscapeLength;   // no pair: the second may be half of one with what follows
            WriteEscape(json[..length], output);
            json = json[length..];
        }
        output.Write(json);
    }

    /// <summary>How many bytes belong together. It may be more than there are.</summary>
    private static int LengthOfEscape(ReadOnlySpan<byte> json)
    {
        if (json.Length < 2 || json[1] != 'u')
            return 2;
        if (json.Length < EscapeLength || !TryRead(json, out var first) || !char.IsHighSurrogate(first))
            return EscapeLength;

        // The other half follows as an escape of its own, or this half stands alone.
        var rest = json[EscapeLength..];
        return rest.IsEmpty || (rest[0] == '\\' && (rest.Length == 1 || rest[1] == 'u')) ? 2 * EscapeLength : EscapeLength;
    }

    private static void WriteEscape(ReadOnlySpan<byte> escape, IBufferWriter<byte> output)
    {
        if (Unescaped(escape) is { } rune)
            WriteRune(rune, output);
        else
            output.Write(escape);
    }

    private static void WriteRune(Rune rune, IBufferWriter<byte> output)
    {
        if (rune.Value is '"' or '\\')
            output.Write("\\"u8);
        output.Advance(rune.EncodeToUtf8(output.GetSpan(4)));
    }

    /// <returns>Null where the escape is needed as it is.</returns>
    private static Rune? Unescaped(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < EscapeLength || !TryRead(escape, out var first))
            return null;
        if (escape.Length == 2 * EscapeLength)
            return TryRead(escape[EscapeLength..], out var second) && Rune.TryCreate(first, second, out var pair) ? pair : null;
        return Rune.TryCreate(first, out var rune) && !MustBeEscaped(rune) ? rune : null;
    }

    private static bool MustBeEscaped(Rune rune) => Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029;

    private static bool TryRead(ReadOnlySpan<byte> escape, out char unit)
    {
        var isRead = Utf8Parser.TryParse(escape[2..EscapeLength], out ushort value, out var consumed, 'x') && consumed == 4;
        unit = (char)value;
        return isRead;
    }
}
