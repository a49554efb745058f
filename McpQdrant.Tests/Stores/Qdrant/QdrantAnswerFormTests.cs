using System.Net;
using System.Text;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>A write has happened only where Qdrant's answer says so; whatever else comes with status 200 is no success.</summary>
public sealed class QdrantAnswerFormTests
{
    private static readonly MemoryId One = new(1);

    private static readonly Dictionary<string, Func<QdrantMemoryStore, Task>> Writes = new()
    {
        ["upsert"] = store => store.UpsertAsync(Notes.Layout, [Notes.Memory(1)], Token),
        ["insert"] = store => store.InsertAsync(Notes.Layout, [Notes.Memory(1)], origin: null, Token),
        ["replace"] = store => store.ReplaceAsync(Notes.Layout, Notes.Memory(1), new MemoryRevision("r"), origin: null, Token),
        ["delete by ids"] = store => store.DeleteAsync(Notes.Layout, new MemorySelection.ByIds([One]), origin: null, Token),
        ["delete by revisions"] = store => store.DeleteAsync(Notes.Layout, new MemorySelection.ByRevisions([new ReadMemory(One, new MemoryRevision("r"))]), origin: null, Token),
        ["fill a vector"] = store => store.FillVectorsAsync(Notes.Layout, "fast-other", [Notes.Memory(1)], Token),
        ["fill keywords"] = store => store.FillKeywordsAsync(Notes.Layout, [Notes.Memory(1).Memory], Token),
        ["add a vector"] = store => store.AddSparseVectorAsync(Notes.Spec.Name, "bm25", Token),
        ["index"] = store => store.CreateAsync(Notes.Spec with { IndexedFields = [new IndexedField("metadata.a", FieldType.Keyword)] }, Token),
    };

    private static readonly Dictionary<string, Func<QdrantMemoryStore, Task>> Changes = new()
    {
        ["create"] = store => store.CreateAsync(Notes.Spec, Token),
        ["metadata of a collection"] = store => store.WriteMetadataAsync(Notes.Spec.Name, "k", System.Text.Json.JsonElement.Parse("{}"), Token),
    };

    private static readonly Dictionary<string, Func<QdrantMemoryStore, Task>> Reads = new()
    {
        ["list"] = store => store.ListAsync(Token),
        ["describe"] = store => store.DescribeAsync(Notes.Spec.Name, Token),
        ["get"] = store => store.GetAsync(Notes.Layout, [One], Token),
        ["count"] = store => store.CountAsync(Notes.Layout, null, Token),
        ["search"] = store => store.SearchAsync(Notes.Layout, Notes.Search, Token),
        ["search by words"] = store => store.SearchAsync(Notes.Layout, new SearchRequest { Keywords = "text", Limit = 3 }, Token),
        ["read all"] = async store => await store.ReadAllAsync(Notes.Layout, null, withVectors: false, Token).CountAsync(Token),
        ["count missing"] = store => store.CountMissingAsync(Notes.Layout, "bm25", Token),
    };

    public static TheoryData<string, string> NoSuccess =>
    [
        .. from write in Writes.Keys
           from answer in (string[])
           [
               "",
               "null",
               "[]",
               """{"result":null,"status":"ok"}""",
               """{"result":false,"status":"ok"}""",
               """{"result":true,"status":"ok"}""",
               """{"result":{},"status":"ok"}""",
               """{"result":[],"status":"ok"}""",
               """{"result":{"operation_id":1,"status":"completed"}}""",
               """{"result":{"operation_id":1,"status":"completed"},"status":{"error":"Service internal error: no"}}""",
               """{"result":{"operation_id":1,"status":"completed"},"status":"error"}""",
               """{"result":null,"result":{"operation_id":1,"status":"completed"},"status":"ok"}""",
               """{"result":{"operation_id":1,"status":"completed"},"status":"error","status":"ok"}""",
               """{"result":{"operation_id":1,"status":"acknowledged","status":"completed"},"status":"ok"}""",
               """{"result":{"operation_id":1,"status":"acknowledged"},"status":"ok"}""",
               """{"result":{"operation_id":1,"status":"clock_rejected"},"status":"ok"}""",
               """{"result":{"operation_id":1,"status":"wait_timeout"},"status":"ok"}""",
               """{"result":{"operation_id":1,"status":"COMPLETED"},"status":"ok"}""",
               """{"result":{"operation_id":1,"status":null},"status":"ok"}""",
               """{"status":"ok"}""",
           ]
           select new TheoryDataRow<string, string>(write, answer),
        .. from change in Changes.Keys
           from answer in (string[])
           [
               """{"result":null,"status":"ok"}""", """{"result":false,"status":"ok"}""", """{"result":{},"status":"ok"}""", """{"result":true}""",
               """{"result":true,"status":{"error":"no"}}""", """{"result":false,"result":true,"status":"ok"}""",
           ]
           select new TheoryDataRow<string, string>(change, answer),
        .. from read in Reads.Keys
           from answer in (string[])
           [
               """{"result":null,"status":"ok"}""", """{"result":false,"status":"ok"}""", """{"result":{},"status":"ok"}""", """{"result":[1],"status":"ok"}""",
               """{"result":{"points":null,"count":null,"collections":null,"config":null},"status":"ok"}""", """{"result":{"points":[{}],"count":"1","collections":[{}]},"status":"ok"}""",
               """{"result":[]}""", """{"result":[],"result":[],"status":"ok"}""",
           ]
           select new TheoryDataRow<string, string>(read, answer),
    ];

    [Theory]
    [MemberData(nameof(NoSuccess))]
    public async Task Call_fails_with_a_sentence_when_the_answer_does_not_prove_its_success(string call, string answer)
    {
        var run = Writes.GetValueOrDefault(call) ?? Changes.GetValueOrDefault(call) ?? Reads[call];
        var store = TestStores.Over(new OneAnswer(answer, isOfReads: Reads.ContainsKey(call), isOfChanges: Changes.ContainsKey(call)));

        var failure = await Assert.ThrowsAnyAsync<MemoryException>(() => run(store));

        Assert.StartsWith("Qdrant at http://qdrant.test:6333", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsOutage);
    }

    /// <summary>Gives one answer to what is tested, and good ones to what the store asks around it.</summary>
    private sealed class OneAnswer(string answer, bool isOfReads, bool isOfChanges) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var isRead = request.Method == HttpMethod.Get || path.EndsWith("/points", StringComparison.Ordinal) && request.Method == HttpMethod.Post
                || path.EndsWith("/scroll", StringComparison.Ordinal) || path.EndsWith("/count", StringComparison.Ordinal)
                || path.EndsWith("/query", StringComparison.Ordinal) || path.EndsWith("/batch", StringComparison.Ordinal);
            var isChange = request.Method == HttpMethod.Patch || (request.Method == HttpMethod.Put && path.Count('/') == 2);
            var body = path == "/" ? """{"title":"qdrant","version":"1.18.3"}"""
                : isRead ? isOfReads ? answer : """{"result":[{"id":1,"payload":{"document":"a","memory_revision":"r"}}],"status":"ok"}"""
                : isChange ? isOfChanges ? answer : """{"result":true,"status":"ok"}"""
                : answer;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
