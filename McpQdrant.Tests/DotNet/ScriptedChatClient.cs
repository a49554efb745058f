using Microsoft.Extensions.AI;

namespace McpQdrant.Tests.DotNet;

/// <summary>A model that answers as a script says, and keeps what it was asked.</summary>
/// <param name="answers">From what it is asked to what it answers; the last one for all further calls.</param>
internal sealed class ScriptedChatClient(params Func<IReadOnlyList<ChatMessage>, ChatMessage>[] answers) : IChatClient
{
    private readonly List<(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)> _calls = [];

    public IReadOnlyList<(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)> Calls => _calls;

    /// <summary>All that it was asked in its last call.</summary>
    public string LastText => string.Join('\n', _calls[^1].Messages.Select(message => message.Text));

    public static ChatMessage Call(string tool, string parameter, string value) =>
        new(ChatRole.Assistant, [new FunctionCallContent(Guid.NewGuid().ToString(), tool, new Dictionary<string, object?> { [parameter] = value })]);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        _calls.Add(([.. messages], options));
        return Task.FromResult(new ChatResponse(answers[Math.Min(_calls.Count, answers.Length) - 1](_calls[^1].Messages)));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
