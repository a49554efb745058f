using McpQdrant.Core.Memories;

namespace McpQdrant.Tests.Core.Memories;

public sealed class SameWordsTests
{
    [Theory]
    [InlineData("the cat sat on the mat", "On the mat sat the cat.")]
    [InlineData("Deploys go out on Friday", "deploys  go out on friday!")]
    [InlineData("🦀 is rust", "🦀 is Rust")]
    public void Words_are_the_same_when_only_their_order_or_setting_differs(string one, string other) => Assert.True(SameWords.Are(one, other));

    [Theory]
    [InlineData("the port is 8080", "the port is 8081")]
    [InlineData("we deploy on friday", "we do not deploy on friday")]
    [InlineData("the key is Hunter2", "the key is hunter2")]
    [InlineData("ask US", "ask us")]
    [InlineData("again and again", "again and")]
    [InlineData("🦀", "🐍")]
    [InlineData("สวัสดี", "ขอบคุณ")]
    [InlineData("written in C", "written in C#")]
    [InlineData("it is 5 degrees", "it is -5 degrees")]
    public void Words_are_not_the_same_when_one_differs(string one, string other) => Assert.False(SameWords.Are(one, other));
}
