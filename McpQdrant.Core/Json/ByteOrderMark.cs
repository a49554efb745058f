namespace McpQdrant.Core.Json;

/// <summary>The mark with which editors and shells of Windows begin a text in UTF-8. It is no part of the message.</summary>
public static class ByteOrderMark
{
    private static ReadOnlySpan<byte> Utf8 => [0xEF, 0xBB, 0xBF];

    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> text) => text.Span.StartsWith(Utf8) ? text[Utf8.Length..] : text;
}
