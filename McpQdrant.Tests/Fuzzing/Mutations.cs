using System.Text;
using System.Text.Json;
using CsCheck;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>Makes inputs out of seeds: as bytes that were damaged, and as JSON whose parts were exchanged.</summary>
internal sealed class Mutations
{
    /// <summary>Bytes with a meaning in JSON, in lines and in UTF-8.</summary>
    private static readonly byte[] Bytes = [.. "\"\\{}[]:,.-+eE019untf \n\r\t\0u/"u8, 0x7f, 0x80, 0xbf, 0xc3, 0xe2, 0xed, 0xa0, 0xf0, 0xf4, 0xff, 0xef, 0xbb];

    /// <summary>Values on which readers stumble.</summary>
    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "null", "true", "false", "0", "-0", "-1", "1.0", "1e400", "1e-400", "0.1e1", "2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e308",
            "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"a\\nb\"", "\"{}\"", "\"*\"", "\"..\"", "\"a/b\"", "{}", "[]", "[[]]", "[null]", "{\"\":null}",
            "{\"a\":1,\"a\":2}", "{\"\\ud800\":1}", "\"memory://x/1\"", "\"2024-02-30T25:61:61Z\"", "\"9999-12-31T23:59:59.9999999-14:00\"",
        }.Select(Encoding.UTF8.GetBytes),
        .. new[] { 5, 50, 58, 62, 64, 70, 100, 130, 300, 5_000 }.SelectMany(depth => new[] { Nested("[", "]", depth), Nested("{\"a\":", "}", depth) }),
        Encoding.UTF8.GetBytes($"\"{new string('x', 3000)}\""),
        Encoding.UTF8.GetBytes($"\"{{\\\"a\\\":{new string('[', 61)}{new string(']', 61)}}}\""),
    ];

    private readonly IReadOnlyList<byte[]> _seeds;
    private readonly byte[][] _parts;

    private Mutations(IReadOnlyList<byte[]> seeds)
    {
        _seeds = seeds;
        _parts = [.. seeds.SelectMany(seed => JsonSpans.Of(seed).Select(span => seed[span.Range])).Concat(Values)];
    }

    public static Gen<byte[]> Of(IReadOnlyList<byte[]> seeds)
    {
        var mutations = new Mutations(seeds);
        var edits = Gen.Select(Gen.Int[0, 99], Gen.UInt, Gen.UInt).Array[1, 6];
        return Gen.Select(Gen.Int[0, seeds.Count - 1], Gen.Frequency((3, Gen.Const(0)), (6, Gen.Const(60)), (2, Gen.Const(100))), edits, mutations.Apply);
    }

    /// <param name="structure">How many edits of a hundred are of JSON, the others being of bytes.</param>
    private byte[] Apply(int seed, int structure, (int Kind, uint Where, uint What)[] edits)
    {
        var input = _seeds[seed];
        foreach (var (kind, where, what) in edits)
            input = kind < structure && JsonSpans.Of(input) is { Count: > 0 } spans ? Exchange(input, spans, kind, where, what) : Damage(input, kind, where, what);
        return input;
    }

    private byte[] Exchange(byte[] input, List<JsonSpan> spans, int kind, uint where, uint what)
    {
        var span = spans[(int)(where % spans.Count)];
        var part = input[span.Range];
        var other = _parts[what % _parts.Length];
        var member = input[span.Member];
        return (kind % 11) switch
        {
            <= 3 => Splice(input, span.Range, span.IsName ? AsName(other) : other),
            4 => Splice(input, span.Range, Values[what % Values.Length]),
            5 => Splice(input, span.Range, [.. "["u8, .. part, .. "]"u8]),
            6 => Splice(input, span.Range, [.. "{\"a\":"u8, .. part, .. "}"u8]),
            7 => Splice(input, span.Range, [.. part, .. ","u8, .. span.IsName ? AsName(other) : other]),
            8 => Splice(input, span.Range, span.IsName ? part : AsText(part)),
            9 => Splice(input, span.Member, member is [.., (byte)','] ? [.. member, .. member] : [.. member, .. ","u8, .. member]),
            _ => Splice(input, span.Member, []),
        };
    }

    private byte[] Damage(byte[] input, int kind, uint where, uint what)
    {
        var at = (int)(where % (input.Length + 1));
        var length = Math.Min((int)(what % 40), input.Length - at);
        return (kind % 7) switch
        {
            0 => Splice(input, at..Math.Min(at + 1, input.Length), [Bytes[what % Bytes.Length]]),
            1 => Splice(input, at..at, [Bytes[what % Bytes.Length]]),
            2 => Splice(input, at..(at + length), []),
            3 => input[..at],
            4 => Splice(input, at..at, input[at..(at + length)]),
            5 => Splice(input, at..at, _parts[what % _parts.Length]),
            _ => Splice(input, at..Math.Min(at + 1, input.Length), [.. input[at..Math.Min(at + 1, input.Length)].Select(old => (byte)(old ^ (1 << (int)(what % 8))))]),
        };
    }

    private static byte[] Splice(byte[] input, Range range, byte[] part)
    {
        var (start, length) = range.GetOffsetAndLength(input.Length);
        return [.. input[..start], .. part, .. input[(start + length)..]];
    }

    private static byte[] AsName(byte[] value) => value is [(byte)'"', ..] ? value : AsText(value);

    /// <summary>A value as the text that spells it.</summary>
    private static byte[] AsText(byte[] value) => JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(value));

    private static byte[] Nested(string open, string close, int depth) =>
        Encoding.UTF8.GetBytes($"{string.Concat(Enumerable.Repeat(open, depth))}1{string.Concat(Enumerable.Repeat(close, depth))}");
}
