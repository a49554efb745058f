using McpQdrant.Core.Telemetry;

namespace McpQdrant.Tests.Core.Telemetry;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("notes", "notes")]
    [InlineData("Bücher-2", "Bücher-2")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a\nb", "\"a\\u000ab\"")]
    [InlineData("a\r\u001b[2Kb", "\"a\\u000d\\u001b[2Kb\"")]
    [InlineData("a\u2028\u0085\u202eb", "\"a\\u2028\\u0085\\u202eb\"")]
    [InlineData("say \"x\"", "\"say \\\"x\\\"\"")]
    public void Of_leaves_nothing_that_could_pass_for_another_line_or_value(string text, string expected) => Assert.Equal(expected, LogText.Of(text));

    [Fact]
    public void Of_cuts_what_is_long() => Assert.Equal(303, LogText.Of(new string('x', 100_000)).Length);
}
