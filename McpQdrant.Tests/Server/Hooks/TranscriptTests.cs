using McpQdrant.Server.Hooks.Transcripts;

namespace McpQdrant.Tests.Server.Hooks;

public sealed class TranscriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_that_is_still_being_written_is_read_when_it_is_whole()
    {
        var path = _folder.Write("t.jsonl", $"{Line("one")}\n{Line("two")[..20]}");

        var first = Transcript.Read(path, 0);
        File.AppendAllText(path, Line("two")[20..]);
        var second = Transcript.Read(path, first.End);
        File.AppendAllText(path, $"\n{Line("three")}\n");
        var third = Transcript.Read(path, second.End);

        Assert.Equal(["one"], first.Messages.Select(message => message.Text));
        Assert.Equal(["two"], second.Messages.Select(message => message.Text));
        Assert.Equal(["three"], third.Messages.Select(message => message.Text));
    }

    [Fact]
    public void A_shorter_file_is_another_one_and_is_read_from_its_beginning()
    {
        var path = _folder.Write("t.jsonl", $"{Line("one")}\n");

        Assert.Equal(["one"], Transcript.Read(path, offset: 10_000).Messages.Select(message => message.Text));
    }

    [Fact]
    public void Of_a_very_long_rest_the_end_is_read()
    {
        var path = _folder.Write("t.jsonl", string.Concat(Enumerable.Range(0, 10).Select(_ => $"{Line(new string('x', 1024 * 1024))}\n")) + $"{Line("last")}\n");

        var read = Transcript.Read(path, 0);

        Assert.Equal("last", read.Messages[^1].Text);
        Assert.InRange(read.Messages.Count, 2, 9);
        Assert.Equal(new FileInfo(path).Length, read.End);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json\n[1]\nnull\n{}\n{\"type\":5,\"message\":7}\n{\"type\":\"user\"}\n{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":null}}\n")]
    public void What_is_no_message_is_passed_over(string text)
    {
        var path = _folder.Write("t.jsonl", text);

        var read = Transcript.Read(path, 0);

        Assert.Empty(read.Messages);
        Assert.Equal(text.Length, read.End);
    }

    [Fact]
    public void A_transcript_that_is_not_there_has_no_messages() => Assert.Empty(Transcript.Read(_folder.File("none.jsonl"), 5).Messages);

    private static string Line(string text) => $$$"""{"type":"user","message":{"role":"user","content":"{{{text}}}"}}""";
}
