using System.Buffers;
using System.Text;
using System.Text.Json;
using McpQdrant.Server.Mcp;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>What is written out means what it meant, however the bytes come.</summary>
public sealed class JsonEscapesTests
{
    [Theory]
    [InlineData("""["\u003Ca\u003E \u0027b\u0027 \u00E9 \u65E5\u672C \uD83D\uDE00"]""", """["<a> 'b' é 日本 😀"]""")]
    [InlineData("""["\u0022 \u005C \u0000 \u001f \u007F \u0085 \u2028 \u2029"]""", """["\" \\ \u0000 \u001f \u007F \u0085 \u2028 \u2029"]""")]
    [InlineData("""["\\u003C \\\u003C \\\\u003C \n\t\"\/"]""", """["\\u003C \\< \\\\u003C \n\t\"\/"]""")]
    [InlineData("""["\ud83d \uDE00\ud83d x \ud83d\ud83d\uDE00 \ud83d\u003C \ud83d\n"]""", """["\ud83d \uDE00\ud83d x \ud83d😀 \ud83d< \ud83d\n"]""")]
    public void Write_leaves_only_the_escapes_that_JSON_needs(string json, string expected)
    {
        Assert.Equal(expected, Write(Encoding.UTF8.GetBytes(json), pieces: int.MaxValue));
    }

    [Fact]
    public void Write_gives_the_same_for_any_pieces_and_keeps_the_meaning()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => Character(random))]);
            text = new string([.. text.EnumerateRunes().SelectMany(rune => rune.ToString())]);   // halves become U+FFFD, as in any JSON that is read
            var json = JsonSerializer.SerializeToUtf8Bytes(new[] { text, "\\u0041", text });

            var whole = Write(json, pieces: int.MaxValue);

            Assert.Equal([text, "\\u0041", text], JsonSerializer.Deserialize<string[]>(whole)!);
            Assert.True(Encoding.UTF8.GetByteCount(whole) <= json.Length);
            for (var pieces = 1; pieces < 14; pieces++)
                Assert.Equal(whole, Write(json, pieces));
        }
    }

    private static char Character(Random random) => random.Next(6) switch
    {
        0 => (char)random.Next(0x20),
        1 => (char)random.Next(0x2020, 0x2030),
        2 => (char)random.Next(0xD800, 0xE000),
        3 => "\"\\<>&'u"[random.Next(7)],
        4 => (char)random.Next(0x80, 0xD800),
        _ => (char)random.Next(0x20, 0x80),
    };

    private static string Write(byte[] json, int pieces)
    {
        var (escapes, output) = (new JsonEscapes(), new ArrayBufferWriter<byte>());
        foreach (var piece in json.Chunk(pieces))
            escapes.Write(piece, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
