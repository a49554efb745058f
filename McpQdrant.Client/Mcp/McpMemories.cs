using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Memories.Mcp;

/// <summary>The memories of a server, by its tools and resources.</summary>
internal sealed class McpMemories(McpQdrantClientSettings settings, IServiceProvider services) : IMemories, IAsyncDisposable, IDisposable
{
    /// <summary>The activity source of the protocol's SDK, which has a span for each request.</summary>
    public const string ProtocolSource = "Experimental.ModelContextProtocol";

    private const int PageSize = FindOptions.MaxLimit;

    private readonly ServerConnection _server = new(settings, services.GetService<ILoggerFactory>());

    public Task<StoredMemory> StoreAsync(string text, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        RequireNoCaller(options);
        return _server.CallAsync(async (session, token) =>
        {
            var arguments = Arguments(session, ToolNames.Store, options)
                .Add("information", text)
                .Add("metadata", options?.Metadata)
                .Add("expires", options?.ExpiresAt);
            if (options?.AllowDuplicate == true && session.Takes(ToolNames.Store, "force"))
                arguments.Add("force", true);
            var stored = await CallAsync(session, ToolNames.Store, arguments, AnswerJson.Default.StoreAnswer, token);
            return new StoredMemory
            {
                Id = stored.Id,
                Collection = stored.Collection,
                IsNew = stored.Created,
                IsDuplicate = stored.Note.StartsWith("Nothing was stored", StringComparison.Ordinal),
            };
        }, isRepeatable: true, cancellationToken);
    }

    public Task<IReadOnlyList<FoundMemory>> FindAsync(string? query, FindOptions? options = null, CancellationToken cancellationToken = default)
    {
        RequireNoCaller(options);
        return _server.CallAsync<IReadOnlyList<FoundMemory>>(async (session, token) =>
        {
            var arguments = Selection(session, options)
                .Add("query", string.IsNullOrWhiteSpace(query) ? null : query)
                .Add("until", options?.Until)
                .Add("limit", options?.Limit);
            var found = await CallAsync(session, ToolNames.Find, arguments, AnswerJson.Default.FindAnswer, token);
            return
            [
                .. found.Results.Select(hit => new FoundMemory
                {
                    Memory = hit.ToMemory(NameOf(options)),
                    Score = hit.Score ?? 1,
                    Similarity = hit.Similarity,
                    Passage = hit.Passage?.Text,
                    IsShortened = hit.Partial,
                }),
            ];
        }, isRepeatable: true, cancellationToken);
    }

    public async Task<Memory?> GetAsync(string id, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        RequireNoCaller(options);
        return await _server.CallAsync((session, token) => ReadAsync(session, id, options, token), isRepeatable: true, cancellationToken);
    }

    /// <remarks>
    /// A page is a find without a question up to the time of the page before, so memories without a time, which other programs may have written, come only
    /// where the first page has them.
    /// </remarks>
    public async IAsyncEnumerable<Memory> ListAsync(ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RequireNoCaller(options);
        // Only of the latest time: equally old ones come again with the next page.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var until = options?.Until;
        while (true)
        {
            var page = await _server.CallAsync((session, token) => ReadPageAsync(session, options, until, token), isRepeatable: true, cancellationToken);
            var fresh = page.Where(memory => !seen.Contains(memory.Id)).ToList();
            foreach (var memory in fresh)
                yield return memory;
            if (fresh.Count == 0 && page.Count == PageSize)
                throw new MemoriesException($"More than {PageSize} memories were stored at one moment, which can't be listed over MCP. Export them with mcp-server-qdrant export.");
            if (fresh.Count == 0 || page[^1].StoredAt is not { } last)
                break;

            if (until != last)
                seen.Clear();
            until = last;
            seen.UnionWith(page.Where(memory => memory.StoredAt == last).Select(memory => memory.Id));
        }
    }

    public Task<ChangedMemory> UpdateAsync(string id, MemoryUpdate update, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(update);
        RequireNoCaller(options);
        if (update is { Text: null, Metadata: null, ReplaceMetadata: false, ExpiresAt: null, NeverExpires: false })
            throw new MemoriesException("Nothing to change: give the update a text, metadata or a time to expire.");
        return UpdateAsync();

        async Task<ChangedMemory> UpdateAsync()
        {
            var updated = await _server.CallAsync((session, token) =>
            {
                var arguments = Arguments(session, ToolNames.Update, options)
                    .Add("id", id)
                    .Add("information", update.Text)
                    .Add("metadata", update.Metadata)
                    .Add("replace_metadata", update.ReplaceMetadata ? true : null)
                    .Add("expires", update.ExpiresAt);
                if (update.NeverExpires)
                    arguments.Add("expires", "never");
                return CallAsync(session, ToolNames.Update, arguments, AnswerJson.Default.UpdateAnswer, token);
            }, isRepeatable: false, cancellationToken);
            // The answer has no times, and of a long text only the beginning.
            var memory = await GetAsync(updated.Id, options, cancellationToken)
                ?? new Memory { Id = updated.Id, Collection = NameOf(options), Text = updated.Content, Metadata = updated.Metadata };
            return new ChangedMemory { Memory = memory, Change = updated.Change };
        }
    }

    public Task<ForgottenMemories> ForgetAsync(IReadOnlyList<string> ids, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        RequireNoCaller(options);
        if (ids.Count == 0)
            return Task.FromResult(new ForgottenMemories { Count = 0 });
        return _server.CallAsync(async (session, token) =>
        {
            var arguments = Arguments(session, ToolNames.Forget, options).Add("ids", new JsonArray([.. ids.Select(id => (JsonNode)id)]));
            var forgotten = await CallAsync(session, ToolNames.Forget, arguments, AnswerJson.Default.ForgetAnswer, token);
            return new ForgottenMemories { Count = forgotten.Deleted, Change = forgotten.Change };
        }, isRepeatable: false, cancellationToken);
    }

    public Task<IReadOnlyList<MemoryChange>> HistoryAsync(HistoryOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException(
        "The history can't be read over MCP. Read it with the command mcp-server-qdrant log, or over the server's REST API.");

    public Task<UndoneChange> UndoAsync(string change, UndoOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        RequireNoCaller(options);
        if (options?.IsPreview == true)
            throw new NotSupportedException("An undo can't be previewed over MCP. Use the command mcp-server-qdrant undo --dry-run, or the server's REST API.");
        return _server.CallAsync(async (session, token) =>
        {
            var undone = await CallAsync(session, ToolNames.Undo, Arguments(session, ToolNames.Undo, options).Add("change", change), AnswerJson.Default.UndoAnswer, token);
            return new UndoneChange
            {
                Change = undone.Change,
                Memories = [.. undone.Memories.Select(memory => new UndoneMemory { Id = memory.Id, Outcome = OutcomeOf(memory.Outcome) })],
            };
        }, isRepeatable: false, cancellationToken);
    }

    public Task<long> ExportAsync(Stream output, ExportOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException(
        "An export can't be made over MCP. Use the command mcp-server-qdrant export where the server runs, or ListAsync.");

    public Task<ImportedMemories> ImportAsync(Stream input, ImportOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException(
        "An import can't be made over MCP. Use the command mcp-server-qdrant import where the server runs, or StoreAsync.");

    /// <summary>Whether the server answers, and lets this caller in.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => _server.CallAsync(async (session, token) =>
    {
        // A list, since a ping of this client's own state would tell nothing of a server without sessions.
        await session.Client.ListToolsAsync(cancellationToken: token);
        return true;
    }, isRepeatable: true, cancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static UndoOutcome OutcomeOf(string outcome) => outcome switch
    {
        "undone" => UndoOutcome.Undone,
        "already_as_before" => UndoOutcome.AlreadyAsBefore,
        _ => UndoOutcome.ChangedSince,
    };

    private static void RequireNoCaller(CallOptions? options)
    {
        if (options?.Caller is not null)
            throw new NotSupportedException("A client has no Caller to name: its key or token says who calls. Add a client for each caller.");
    }

    private static async Task<T> CallAsync<T>(ServerSession session, string tool, CallArguments arguments, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.CallAsync(tool, arguments.Values, cancellationToken);
            return answer.Deserialize(type) ?? throw session.OtherVersion($"its {tool} answers in another form");
        }
        catch (JsonException)
        {
            throw session.OtherVersion($"its {tool} answers in another form");
        }
        catch (McpProtocolException refusal)
        {
            throw ServerFailures.Of(refusal);
        }
    }

    private string NameOf(CallOptions? options) => options?.Collection ?? settings.Collection;

    /// <summary>The arguments of a call, with its collection where the server lets callers name one.</summary>
    private CallArguments Arguments(ServerSession session, string tool, CallOptions? options)
    {
        var arguments = new CallArguments();
        if (session.Takes(tool, "collection_name"))
            return arguments.Add("collection_name", NameOf(options));
        return options?.Collection is { } name && name != settings.Collection
            ? throw new NotSupportedException($"The server is bound to one collection, so a call can't name '{name}'. Leave Collection out.")
            : arguments;
    }

    private CallArguments Selection(ServerSession session, SelectionOptions? options)
    {
        if (options?.Filter is not null && !session.Takes(ToolNames.Find, "query_filter"))
            throw new NotSupportedException("The server takes no filters of callers. Its operator can allow them with QDRANT_ALLOW_ARBITRARY_FILTER, or use Metadata.");
        return Arguments(session, ToolNames.Find, options)
            .Add("metadata", options?.Metadata)
            .Add("since", options?.Since)
            .Add("query_filter", options?.Filter);
    }

    private async Task<IReadOnlyList<Memory>> ReadPageAsync(ServerSession session, ListOptions? options, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var arguments = Selection(session, options).Add("until", until).Add("limit", PageSize);
        var found = await CallAsync(session, ToolNames.Find, arguments, AnswerJson.Default.FindAnswer, cancellationToken);
        var memories = new List<Memory>(found.Results.Count);
        foreach (var hit in found.Results)
        {
            var memory = hit.ToMemory(NameOf(options));
            // A long text is cut in the answer; where it was deleted meanwhile, its beginning is all there is.
            memories.Add(hit.Partial ? await ReadAsync(session, hit.Id, new CallOptions { Collection = memory.Collection }, cancellationToken) ?? memory : memory);
        }
        return memories;
    }

    /// <returns>Null where there is no such memory.</returns>
    private async Task<Memory?> ReadAsync(ServerSession session, string id, CallOptions? options, CancellationToken cancellationToken)
    {
        var collection = options?.Collection ?? await CollectionOfAsync(session, cancellationToken);
        if (id.Contains('/', StringComparison.Ordinal) || string.IsNullOrWhiteSpace(id))
            throw new MemoriesException("This is no id of a memory: it is neither a UUID nor a number.");
        try
        {
            var read = await session.Client.ReadResourceAsync($"memory://{Uri.EscapeDataString(collection)}/{Uri.EscapeDataString(id)}", cancellationToken: cancellationToken);
            return read.Contents is [TextResourceContents { Text: var text }] && JsonSerializer.Deserialize(text, AnswerJson.Default.MemoryAnswer) is { } memory
                ? memory.ToMemory(collection)
                : throw session.OtherVersion("its memories are written in another form");
        }
        catch (JsonException)
        {
            throw session.OtherVersion("its memories are written in another form");
        }
        catch (McpProtocolException refusal)
        {
            return ServerFailures.Of(refusal) is var failure and not MemoryNotFoundException ? throw failure : null;
        }
    }

    /// <summary>A server that is bound to one collection names it in its list; others use that of the settings.</summary>
    private async Task<string> CollectionOfAsync(ServerSession session, CancellationToken cancellationToken)
    {
        if (session.Takes(ToolNames.Find, "collection_name") || session.Takes(ToolNames.Store, "collection_name") || !session.Offers(ToolNames.Collections))
            return settings.Collection;
        var listed = await CallAsync(session, ToolNames.Collections, new CallArguments(), AnswerJson.Default.CollectionsAnswer, cancellationToken);
        return listed.Collections is [{ Name: var only }] ? only : settings.Collection;
    }
}
