using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Memories;

/// <summary>
/// The memory of an agent: brings what bears on the user's messages into a call, keeps what the user said after it, or offers both as tools. Memories come in
/// fenced, and marked as data, not instructions.
/// </summary>
/// <remarks>It keeps nothing in a session, so one instance serves any number of agents and sessions at once.</remarks>
public sealed partial class MemoryContextProvider : AIContextProvider
{
    /// <summary>A longer question is not found better, and takes the model longer.</summary>
    private const int MaxQuery = 2000;

    private readonly IMemories _memories;
    private readonly Func<AgentSession?, AgentMemoryScope> _scope;
    private readonly MemoryContextOptions _options;
    private readonly ILogger _logger;

    /// <summary>Makes the memory of agents.</summary>
    /// <param name="memories">Where memories are; it stays yours.</param>
    /// <param name="scope">Says for whom a call is, by its session; <see cref="AgentMemoryScope.Everything"/> for an agent with one user.</param>
    /// <param name="options">What it does by itself, and its limits; null for the defaults. It is not to be changed afterwards.</param>
    /// <param name="logger">Is told what went wrong; null for none. No text of a memory or a message is logged.</param>
    /// <exception cref="MemoriesException">A limit is out of its range.</exception>
    public MemoryContextProvider(
        IMemories memories, Func<AgentSession?, AgentMemoryScope> scope, MemoryContextOptions? options = null, ILogger<MemoryContextProvider>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(memories);
        ArgumentNullException.ThrowIfNull(scope);
        (_memories, _scope, _options) = (memories, scope, options ?? new MemoryContextOptions());
        _logger = logger ?? NullLogger<MemoryContextProvider>.Instance;
        _options.Check();
    }

    /// <summary>None: what it needs to know of a session, the scope says.</summary>
    public override IReadOnlyList<string> StateKeys => [];

    /// <inheritdoc/>
    protected override async ValueTask<AIContext> ProvideAIContextAsync(InvokingContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var scope = ScopeOf(context.Session);
        var recalled = _options.Recalls ? await RecallAsync(scope, QueryOf(context.AIContext.Messages), cancellationToken) : null;
        return new AIContext
        {
            Messages = recalled is null ? null : [new ChatMessage(ChatRole.User, recalled)],
            Tools = _options.OffersTools ? new MemoryTools(_memories, scope, _options).Create() : null,
        };
    }

    /// <inheritdoc/>
    protected override async ValueTask StoreAIContextAsync(InvokedContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!_options.Stores)
            return;

        var scope = ScopeOf(context.Session);
        var texts = (_options.Select ?? Statements)(context.RequestMessages, context.ResponseMessages ?? []);
        foreach (var text in texts.Where(text => !string.IsNullOrWhiteSpace(text)))
        {
            try
            {
                await _memories.StoreAsync(text, new StoreOptions { Collection = _options.Collection, Metadata = scope.ToMetadata() }, cancellationToken);
            }
            catch (MemoriesException failure) when (!_options.IsRequired)
            {
                LogNotStored(failure);
            }
        }
    }

    private async Task<string?> RecallAsync(AgentMemoryScope scope, string query, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(query))
            return null;

        try
        {
            var text = new RecalledText("Notes that may bear on the message", _options.MaxCharacters);
            foreach (var found in (await _memories.FindAsync(query, _options.ToFind(scope), cancellationToken)).Where(found => found.Similarity >= _options.MinSimilarity))
                text.Add(found);
            return text.Finish();
        }
        catch (MemoriesException failure) when (!_options.IsRequired)
        {
            LogNotRecalled(failure);
            return null;
        }
    }

    private AgentMemoryScope ScopeOf(AgentSession? session)
    {
        var scope = _scope(session) ?? throw new MemoriesException("The agent's memory was given no scope. Return AgentMemoryScope.Everything where all memories are meant.");
        scope.Check();
        return scope;
    }

    private static string QueryOf(IEnumerable<ChatMessage>? messages)
    {
        var query = string.Join('\n', UserTexts(messages ?? []));
        return query.Length <= MaxQuery ? query : query[..MaxQuery];
    }

    private static IEnumerable<string> UserTexts(IEnumerable<ChatMessage> messages) => messages.Where(message => message.Role == ChatRole.User).Select(message => message.Text);

    /// <summary>A question says nothing that is worth keeping, and would be what it finds the next time.</summary>
    private static IEnumerable<string> Statements(IEnumerable<ChatMessage> request, IEnumerable<ChatMessage> response) =>
        UserTexts(request).Where(text => text.AsSpan().TrimEnd() is not [.., '?' or '？' or '؟']);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing was recalled for a call of the agent.")]
    private partial void LogNotRecalled(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message to the agent was not remembered.")]
    private partial void LogNotStored(Exception failure);
}
