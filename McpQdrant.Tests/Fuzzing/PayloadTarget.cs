using System.Net;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Server.Mcp.Resources;
using McpQdrant.Server.Mcp.Tools;
using McpQdrant.Server.Mcp.Tools.Answers;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Tests.Stores.Qdrant;
using McpQdrant.Tests.Stores.Sqlite;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>A payload that another program wrote to Qdrant, and metadata that come back from the embedded store: shown as a tool shows them.</summary>
internal sealed class PayloadTarget : IDisposable
{
    /// <summary>As many as Qdrant takes.</summary>
    private const int MostLevels = 127;

    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = MostLevels };

    private static readonly CollectionLayout Notes = new() { Name = CollectionName.Parse("notes"), VectorName = "", VectorSize = 2, Distance = Distance.Cosine };

    private static readonly CollectionLayout[] Layouts = [Notes, Notes with { TextField = "text", MetadataField = null }, Notes with { TextField = "a", MetadataField = "b" }];

    private static readonly SearchRequest Search = new() { Vector = new SemanticVector.Embedded(new float[] { 1, 0 }), Limit = 3 };

    private readonly PayloadAnswer _answer = new();
    private readonly QdrantMemoryStore _qdrant;
    private TestStore? _embedded;

    public PayloadTarget() => _qdrant = TestStores.Over(_answer);

    public async Task JudgeAsync(byte[] input)
    {
        if (Json(input) is not { } payload)
            return;

        _answer.Payload = payload;
        foreach (var layout in Layouts)
        {
            Show(await _qdrant.SearchAsync(layout, Search, CancellationToken.None));
            Show([.. (await _qdrant.GetAsync(layout, [new MemoryId(1)], CancellationToken.None)).Select(memory => new SearchHit(memory, 1, 1, 1))]);
        }
        if (payload.ValueKind == JsonValueKind.Object)
            await KeepAsync(payload);
    }

    public void Dispose()
    {
        _embedded?.Dispose();
        _answer.Dispose();
    }

    /// <summary>What is stored is found and is the same; what can't be is refused.</summary>
    private async Task KeepAsync(JsonElement metadata)
    {
        _embedded ??= await TestStore.OpenAsync(folder: null);
        var memory = new Memory(new MemoryId(1), "text", metadata, null);
        try
        {
            await _embedded.Store.UpsertAsync(_embedded.Notes, [new StoredMemory(memory, Search.Vector)], CancellationToken.None);
        }
        catch (MemoryException)
        {
            return;
        }

        var found = await _embedded.Store.SearchAsync(_embedded.Notes, Search, CancellationToken.None);
        Assert.Equal(metadata.GetRawText(), Assert.Single(found).Memory.Metadata?.GetRawText());
        Show(found);
    }

    /// <summary>As far as the bytes that a client gets.</summary>
    private static void Show(IReadOnlyList<SearchHit> hits)
    {
        var result = new ToolReply(
            ["found"],
            [.. hits.Select(hit => EntryText.Of(hit.Memory, Notes.Name, ResultFormat.Entry))],
            note => JsonSerializer.SerializeToElement(
                new FindOutput([.. hits.Select(hit => FoundMemory.Of(new FoundHit(Notes.Name, hit), new ShownMemory(hit.Memory, IsPartial: false), isRanked: true))], "dense", note),
                ToolJson.Default.FindOutput)).ToResult(further: null);
        var message = new JsonRpcResponse { Id = new RequestId(1), Result = JsonSerializer.SerializeToNode(result, McpJsonUtilities.DefaultOptions) };
        JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes<JsonRpcMessage>(message, McpJsonUtilities.DefaultOptions));

        foreach (var hit in hits)
            JsonElement.Parse(JsonSerializer.Serialize(MemoryDocument.Of(hit.Memory), ToolJson.Default.MemoryDocument));
    }

    /// <returns>Null where Qdrant could not have stored it: what is no JSON, or no Unicode.</returns>
    private static JsonElement? Json(byte[] input)
    {
        try
        {
            var reader = new Utf8JsonReader(input, new JsonReaderOptions { MaxDepth = AnyDepth.MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    reader.GetString();
            }
            return JsonElement.Parse(input, AnyDepth);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A Qdrant with one point.</summary>
    private sealed class PayloadAnswer : HttpMessageHandler
    {
        public JsonElement Payload { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var point = $$"""{"id": 1, "score": 0.5, "payload": {{Payload.GetRawText()}}}""";
            var result = request.RequestUri!.AbsolutePath.EndsWith("/points", StringComparison.Ordinal) ? $"[{point}]" : $$"""{"points": [{{point}}]}""";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($$"""{"result": {{result}}, "status": "ok"}""") });
        }
    }
}
