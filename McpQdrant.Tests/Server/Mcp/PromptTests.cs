using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Server.Mcp;

public sealed class PromptTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_prompts_are_offered_with_their_arguments()
    {
        await using var host = await ToolHost.StartAsync();

        var prompts = (await host.Client.ListPromptsAsync(cancellationToken: Token)).ToDictionary(prompt => prompt.Name, prompt => prompt.ProtocolPrompt);

        Assert.Equal(["recall", "remember"], prompts.Keys.Order());
        Assert.Equal([("question", true), ("collection", false)], prompts["recall"].Arguments!.Select(argument => (argument.Name, argument.Required == true)));
        Assert.Equal([("conversation", false), ("collection", false)], prompts["remember"].Arguments!.Select(argument => (argument.Name, argument.Required == true)));
    }

    [Theory]
    [InlineData("recall", "question", "Which key rotates?")]
    [InlineData("recall", "collection", "in the collection 'work'")]
    [InlineData("remember", "conversation", "Which key rotates?")]
    [InlineData("remember", "collection", "in the collection 'work'")]
    public async Task Arguments_are_filled_in(string prompt, string argument, string expected)
    {
        await using var host = await ToolHost.StartAsync();
        var arguments = new Dictionary<string, object?> { ["question"] = "?", ["collection"] = "work" };
        if (argument != "collection")
            arguments[argument] = expected;

        var text = await TextAsync(host, prompt, arguments);

        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remember_is_about_the_conversation_at_hand_where_none_is_given()
    {
        await using var host = await ToolHost.StartAsync();

        Assert.StartsWith(
            "Store what is worth remembering from our conversation so far, with qdrant-store.", await TextAsync(host, "remember", []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("recall", null)]
    [InlineData("recall", " ")]
    [InlineData("unknown", "x")]
    public async Task A_missing_argument_and_an_unknown_prompt_are_errors(string prompt, string? question)
    {
        await using var host = await ToolHost.StartAsync();
        var arguments = question is null ? [] : new Dictionary<string, object?> { ["question"] = question };

        Assert.Equal(McpErrorCode.InvalidParams, await host.ProtocolErrorAsync(client => client.GetPromptAsync(prompt, arguments, cancellationToken: Token).AsTask()));
    }

    private static async Task<string> TextAsync(ToolHost host, string prompt, Dictionary<string, object?> arguments)
    {
        var message = Assert.Single((await host.Client.GetPromptAsync(prompt, arguments, cancellationToken: Token)).Messages);
        Assert.Equal(Role.User, message.Role);
        return Assert.IsType<TextContentBlock>(message.Content).Text;
    }
}
