using McpQdrant.Server.Cli.Output;

namespace McpQdrant.Tests.Server.Cli;

public sealed class CellTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[2J\e]0;owned\a", "␛[2J␛]0;owned␇")]
    [InlineData("a\u009B31mb", "a\uFFFD31mb")]
    [InlineData("safe\u202Etxt.exe", "safe\uFFFDtxt.exe")]
    [InlineData("two\r\nlines\tand a tab", "two lines and a tab")]
    public void Printable_leaves_nothing_that_steers_a_terminal(string text, string shown) => Assert.Equal(shown, CellText.Printable(text));

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("a longer text", 8, "a longe…")]
    [InlineData("日本語の文", 6, "日本…")]
    [InlineData("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301")]
    public void Fit_counts_columns_and_not_characters(string text, int width, string fitted) => Assert.Equal(fitted, CellText.Fit(text, width));

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("incomprehensibilities", 8, "incompre|hensibil|ities")]
    [InlineData("日本語の文", 4, "日本|語の|文")]
    [InlineData("a\n\nb", 4, "a||b")]
    public void Wrap_breaks_between_words_where_it_can(string text, int width, string lines) => Assert.Equal(lines.Split('|'), CellText.Wrap(text, width));
}
