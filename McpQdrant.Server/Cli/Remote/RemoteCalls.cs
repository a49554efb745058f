using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Server.Cli.Formats.Json;
using McpQdrant.Server.Cli.Memories;

namespace McpQdrant.Server.Cli.Remote;

/// <summary>Carries out requests by the tools and resources of a running server.</summary>
internal sealed class RemoteCalls(RemoteServer server) : IMemoryCalls
{
    /// <summary>One answer holds no more.</summary>
    private const int MaxListed = FindMemoriesRequest.MaxLimit;

    public async Task<TResult> CallAsync<TUseCase, TRequest, TResult>(TRequest request, CancellationToken cancellationToken)
        where TUseCase : IUseCase<TRequest, TResult> => (TResult)(request switch
        {
            StoreMemoryRequest store => await StoreAsync(store, cancellationToken),
            FindMemoriesRequest find => await FindAsync(find, cancellationToken),
            GetMemoryRequest get => await GetAsync(get, cancellationToken),
            ListMemoriesRequest list => await ListAsync(list, cancellationToken),
            UpdateMemoryRequest update => await UpdateAsync(update, cancellationToken),
            PreviewForgetRequest preview => await PreviewAsync(preview, cancellationToken),
            ForgetMemoriesRequest forget => await ForgetAsync(forget, cancellationToken),
            ListCollectionsRequest => await ListCollectionsAsync(cancellationToken),
            _ => throw new InvalidOperationException($"No tool is known for {typeof(TRequest).Name}."),
        });

    private async Task<object> StoreAsync(StoreMemoryRequest request, CancellationToken cancellationToken)
    {
        if (request.Force)
            throw new MemoryException("--force is for the store itself; by --server a text is stored as agents store it. Leave it out.");

        var answer = await CallAsync(ToolName.Store, request.Collection, json =>
        {
            json.WriteString("information", request.Text);
            Write(json, "metadata", request.Metadata);
            Write(json, "expires", request.Expires);
        }, cancellationToken);
        return new StoreMemoryResult(IdOf(answer), CollectionOf(answer), answer.GetProperty("created").GetBoolean(), NoEmbedding, Passages: 0) { Text = request.Text };
    }

    private async Task<object> FindAsync(FindMemoriesRequest request, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(ToolName.Find, request.Collection, json =>
        {
            Write(json, "query", request.Query);
            Write(json, "query_filter", request.Filter?.Json);
            Write(json, "metadata", request.Metadata);
            Write(json, "since", request.Since);
            Write(json, "until", request.Until);
            if (request.Limit is { } limit)
                json.WriteNumber("limit", limit);
        }, cancellationToken);
        var hits = answer.GetProperty("results").EnumerateArray().Select(hit => new FoundHit(CollectionOf(hit), new SearchHit(
            MemoryOf(hit), Fields.Find(hit, "score")?.GetDouble() ?? 0, Fields.Find(hit, "similarity")?.GetDouble(), Fields.Find(hit, "keyword_rank")?.GetInt32())
        {
            Passage = Fields.Find(hit, "passage") is { } passage
                ? new MatchedPassage(passage.GetProperty("text").GetString()!, passage.GetProperty("start").GetInt32(), passage.GetProperty("end").GetInt32())
                : null,
        })).ToList();
        return new FindMemoriesResult(hits, Mode: null, CollectionExists: true);
    }

    private async Task<object> GetAsync(GetMemoryRequest request, CancellationToken cancellationToken) =>
        MemoryOf(JsonElement.Parse(await server.ReadAsync($"memory://{Uri.EscapeDataString(request.Collection.ToString())}/{request.Id}", cancellationToken)));

    private async Task<object> ListAsync(ListMemoriesRequest request, CancellationToken cancellationToken)
    {
        if (request.Limit > MaxListed)
            throw new MemoryException($"By --server at most {MaxListed} are listed. Give --limit {MaxListed}, or a --filter.");

        var found = (FindMemoriesResult)await FindAsync(new FindMemoriesRequest(request.Collection, Query: null, request.Filter) { Limit = request.Limit }, cancellationToken);
        return new ListMemoriesResult(new CollectionEntry(request.Collection, found.Hits.Count, Model: null, Mode: null, Problem: null), [.. found.Hits.Select(hit => hit.Memory)]);
    }

    private async Task<object> UpdateAsync(UpdateMemoryRequest request, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(ToolName.Update, request.Collection, json =>
        {
            json.WriteString("id", request.Id.ToString());
            Write(json, "information", request.Text);
            Write(json, "metadata", request.Metadata);
            if (request.ReplaceMetadata)
                json.WriteBoolean("replace_metadata", true);
            Write(json, "expires", request.Expires);
        }, cancellationToken);
        // The tool shows what was changed; what it is now, with its times, the resource says.
        var memory = (Memory)await GetAsync(new GetMemoryRequest(request.Collection, request.Id), cancellationToken);
        return new UpdateMemoryResult(memory, NoEmbedding, Passages: 0, ChangeOf(answer));
    }

    private async Task<object> PreviewAsync(PreviewForgetRequest request, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(ToolName.Forget, request.Collection, json => Write(json, "filter", request.Filter.Json), cancellationToken);
        return new PreviewForgetResult(
            request.Collection,
            Fields.Find(answer, "matched")?.GetInt32() ?? 0,
            [.. answer.GetProperty("sample").EnumerateArray().Select(MemoryOf)],
            Fields.TextOf(answer, "confirmation"),
            NeedsFilter: true,
            Fields.TimeOf(answer, "expires_at"));
    }

    private async Task<object> ForgetAsync(ForgetMemoriesRequest request, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(ToolName.Forget, request.Collection, json =>
        {
            if (request.Ids.Count > 0)
            {
                json.WriteStartArray("ids");
                foreach (var id in request.Ids)
                    json.WriteStringValue(id.ToString());
                json.WriteEndArray();
            }
            Write(json, "filter", request.Filter?.Json);
            Write(json, "confirmation", request.Confirmation);
        }, cancellationToken);
        return new ForgetMemoriesResult(request.Collection, answer.GetProperty("deleted").GetInt64(), request.Ids) { Change = ChangeOf(answer) };
    }

    private async Task<object> ListCollectionsAsync(CancellationToken cancellationToken)
    {
        var answer = await CallAsync(ToolName.Collections, collection: null, _ => { }, cancellationToken);
        IReadOnlyList<CollectionEntry> entries =
        [
            .. answer.GetProperty("collections").EnumerateArray().Select(entry => new CollectionEntry(
                CollectionName.Parse(entry.GetProperty("name").GetString()!),
                entry.GetProperty("memories").GetInt64(),
                Fields.TextOf(entry, "model"),
                Enum.TryParse<SearchMode>(Fields.TextOf(entry, "search"), ignoreCase: true, out var mode) ? mode : null,
                Fields.TextOf(entry, "problem"))),
        ];
        return entries;
    }

    private Task<JsonElement> CallAsync(ToolName tool, CollectionName? collection, Action<Utf8JsonWriter> arguments, CancellationToken cancellationToken) =>
        server.CallAsync(tool.ProtocolName(), Fields.Object(json =>
        {
            if (collection is not null)
                json.WriteString("collection_name", collection.ToString());
            arguments(json);
        }), cancellationToken);

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void Write(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is not { } given)
            return;
        json.WritePropertyName(name);
        given.WriteTo(json);
    }

    /// <summary>A memory as tools and resources show it.</summary>
    private static Memory MemoryOf(JsonElement shown) => new(IdOf(shown), shown.GetProperty("content").GetString()!, Fields.Find(shown, "metadata"), Fields.TimeOf(shown, "updated_at"))
    {
        FirstStoredAt = Fields.TimeOf(shown, "created_at"),
        ExpiresAt = Fields.TimeOf(shown, "expires_at"),
        By = Fields.TextOf(shown, "by"),
        RevisionNumber = Fields.Find(shown, "revision")?.GetInt32() ?? 0,
    };

    private static MemoryId IdOf(JsonElement shown) => MemoryOptions.IdOf(shown.GetProperty("id").GetString()!);

    private static CollectionName CollectionOf(JsonElement shown) => CollectionName.Parse(shown.GetProperty("collection").GetString()!);

    private static ChangeId? ChangeOf(JsonElement answer) => Fields.TextOf(answer, "change") is { } change && ChangeId.TryParse(change, out var id) ? id : null;

    /// <summary>The server has it.</summary>
    private static readonly TextEmbedding NoEmbedding = new(new SemanticVector.Embedded(ReadOnlyMemory<float>.Empty), TokensRead: null, TokensTotal: null);
}
