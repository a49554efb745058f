using McpQdrant.Server.Hooks.Transcripts;

namespace McpQdrant.Tests.Server.Hooks;

public sealed class LearningsTests
{
    [Theory]
    [InlineData("Remember that the deploy key rotates on Mondays.", "remember", "The deploy key rotates on Mondays.")]
    [InlineData("Ok, keep in mind: the build server has no internet.", "remember", "The build server has no internet.")]
    [InlineData("Merk dir, dass die Tests nachts laufen.", "remember", "Die Tests nachts laufen.")]
    [InlineData("Always run the formatter before a commit.", "preference", "Always run the formatter before a commit.")]
    [InlineData("From now on, answer in German please.", "preference", "From now on, answer in German please.")]
    [InlineData("Let's go with Postgres for the queue.", "decision", "Let's go with Postgres for the queue.")]
    [InlineData("Don't use mocks for the store in tests.", "correction", "Don't use mocks for the store in tests.")]
    [InlineData("No, that belongs into the core project.", "correction", "No, that belongs into the core project.")]
    [InlineData("Do you remember that the key rotates on Mondays?", null, null)]
    [InlineData("Remember when we did this last year?", null, null)]
    [InlineData("No.", null, null)]
    [InlineData("Please fix the build and run the tests again.", null, null)]
    [InlineData("I never saw this before, what is it?", null, null)]
    [InlineData("> Remember that quotations are somebody else's words.", null, null)]
    public void What_a_user_says_is_kept_by_how_it_is_said(string said, string? kind, string? text) => AssertLearnt(Speaker.User, said, kind, text);

    [Theory]
    [InlineData("We decided to use xunit v3.", "decision", "We decided to use xunit v3.")]
    [InlineData("- **Decision:** retries live in the client.", "decision", "Decision: retries live in the client.")]
    [InlineData("The root cause was a missing await in the loop.", "lesson", "The root cause was a missing await in the loop.")]
    [InlineData("I'll now run the tests and look at the output.", null, null)]
    [InlineData("Remember that you can undo this at any time.", null, null)]
    [InlineData("No, use the other class instead of this one.", null, null)]
    public void What_an_assistant_says_is_kept_where_it_decides_or_learns(string said, string? kind, string? text) => AssertLearnt(Speaker.Assistant, said, kind, text);

    [Fact]
    public void A_fix_belongs_to_the_error_before_it_and_to_no_other()
    {
        TranscriptMessage[] messages =
        [
            new(Speaker.Tool, "error CS0103: The name 'foo' does not exist", IsError: true, 1),
            new(Speaker.Assistant, "Fixed by adding the using directive for Foo.", IsError: false, 2),
            new(Speaker.Assistant, "Fixed by adding another using directive.", IsError: false, 3),
        ];

        var learnt = Assert.Single(Learnings.In(messages));

        Assert.Equal(new Learning("fix", "error CS0103: The name 'foo' does not exist — Fixed by adding the using directive for Foo.", 2), learnt);
    }

    private static void AssertLearnt(Speaker speaker, string said, string? kind, string? text)
    {
        var learnt = Learnings.In([new TranscriptMessage(speaker, said, IsError: false, 1)]).ToList();

        if (kind is null)
            Assert.Empty(learnt);
        else
            Assert.Equal((kind, text), (Assert.Single(learnt).Kind, learnt[0].Text));
    }
}
