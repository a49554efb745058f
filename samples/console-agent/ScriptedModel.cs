using Microsoft.Extensions.AI;

namespace ConsoleAgent;

/// <summary>Stands in for a language model, so that the sample needs no key: it answers with the first memory that it was shown.</summary>
internal sealed class ScriptedModel : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        // A memory is a line such as "- [2026-01-31, stored by ada, id …] The text."
        var memory = messages.Where(message => message.Text.StartsWith("<memory-notes", StringComparison.Ordinal))
            .SelectMany(message => message.Text.Split('\n'))
            .FirstOrDefault(line => line.StartsWith("- [", StringComparison.Ordinal));
        var answer = memory is null ? "I will remember that." : $"You told me: {memory[(memory.IndexOf(']') + 2)..]}";
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("This model answers in one piece.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
