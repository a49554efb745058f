using McpQdrant.Core.Search.Passages;

namespace McpQdrant.Tests.Core.Search.Passages;

public sealed class PassageCutterTests
{
    [Fact]
    public void Cut_ends_passages_at_sentences_and_repeats_the_last_one()
    {
        var text = string.Join(' ', Enumerable.Range(1, 30).Select(i => $"This is sentence number {i} of a text that goes on for long."));

        var passages = PassageCutter.Cut(text);

        Assert.True(passages.Count > 3);
        Assert.All(passages, passage => Assert.EndsWith("for long.", passage.In(text).ToString(), StringComparison.Ordinal));
        Assert.All(passages.SkipLast(1), passage => Assert.InRange(Words(passage.In(text)), 60, 110));
        Assert.All(passages.Zip(passages.Skip(1)), pair => Assert.True(pair.Second.Start < pair.First.End && pair.Second.End > pair.First.End));
        Assert.Equal((0, text.Length), (passages[0].Start, passages[^1].End));
    }

    [Fact]
    public void Cut_ends_a_passage_with_its_paragraph()
    {
        var text = string.Join("\n\n", Enumerable.Range(1, 4).Select(paragraph => string.Join(' ', Enumerable.Repeat($"Paragraph {paragraph} has a few words that say little.", 5))));

        var passages = PassageCutter.Cut(text);

        Assert.Equal(text.Split("\n\n"), passages.Select(passage => passage.In(text).ToString()));
    }

    [Theory]
    [InlineData("word ")]
    [InlineData("长")]
    [InlineData("ก")]
    [InlineData("𠀋")]
    [InlineData("x")]
    [InlineData("line\n")]
    [InlineData("🦓")]
    public void Cut_leaves_nothing_out_and_splits_no_character(string repeated)
    {
        var text = string.Concat(Enumerable.Repeat(repeated, 3000));

        var passages = PassageCutter.Cut(text);

        Assert.True(passages.Count > 1);
        Assert.All(passages, passage => Assert.False(char.IsLowSurrogate(text[passage.Start]) || char.IsHighSurrogate(text[passage.End - 1])));
        Assert.All(passages.Zip(passages.Skip(1)), pair => Assert.True(string.IsNullOrWhiteSpace(text[Math.Min(pair.First.End, pair.Second.Start)..pair.Second.Start])));
        Assert.Equal(text.TrimEnd().Length, passages[^1].End);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n ")]
    public void Cut_makes_nothing_of_a_blank_text(string text) => Assert.Empty(PassageCutter.Cut(text));

    [Fact]
    public void Cut_makes_at_most_2000_passages_of_a_megabyte()
    {
        var text = string.Concat(Enumerable.Range(0, 25_000).Select(i => $"Event {i} happened at the usual place. "));
        Assert.True(text.Length > 900_000);

        Assert.InRange(PassageCutter.Cut(text).Count, 1000, PassageCutter.MaxPassages);
    }

    [Theory]
    [InlineData("Minutes of 3 March 2026", true)]
    [InlineData("tables of elliptic integrals .", false)]
    public void ForModel_leads_passages_by_a_first_line_that_is_a_title(string line, bool isTitle)
    {
        var text = $"{line}\n{string.Concat(Enumerable.Repeat("We spoke of many things and wrote them down here. ", 20))}";

        var read = PassageCutter.ForModel(text, PassageCutter.Cut(text));

        Assert.StartsWith(line, read[0], StringComparison.Ordinal);
        Assert.All(read.Skip(1), passage => Assert.Equal(isTitle, passage.StartsWith($"{line}\n", StringComparison.Ordinal)));
    }

    private static int Words(ReadOnlySpan<char> text) => text.ToString().Split(' ').Length;
}
