using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Tests.Core.Collections;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant.Cluster;

/// <summary>While servers are replaced one after the other, the older read what the newer write: a newer minor version adds, and changes nothing that is there.</summary>
public sealed class NewerServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_newer_server_wrote_is_found_and_what_it_added_stays_when_the_memory_is_changed()
    {
        var qdrant = new StandInHandler();
        var store = TestStores.Over(qdrant);
        await store.CreateAsync(Notes.Spec, Token);
        await store.InsertAsync(Notes.Layout, [Notes.Memory(1)], origin: null, Token);
        qdrant.Send("PATCH", "/collections/notes", """
            {"metadata":{"later":{"a":1},"mcp-server-qdrant":{"provider":"local","model":"sentence-transformers/all-MiniLM-L6-v2","dimensions":4,"later":[1],
            "bm25":{"avg_len":100,"language":"english","pairs":true,"later":true} } } }
            """);
        qdrant.Send("POST", "/collections/notes/points/payload?wait=true", """{"payload":{"memory_later":{"by":"a newer server"} },"points":[1]}""");

        var layout = (await new CollectionCatalog(store, new EmbeddingModels(new CountingModel(Notes.Model), []), new CollectionDefaults()).GetAsync(Notes.Spec.Name, Token))!.Layout;
        var found = Assert.Single(await store.SearchAsync(layout, Notes.Search, Token)).Memory;
        var changed = new StoredMemory(found with { Text = "changed by the older one" }, Notes.Vector(0, 1, 0, 0));
        var isChanged = await store.ReplaceAsync(layout, changed, found.Revision, origin: null, Token);

        Assert.True(isChanged);
        var payload = qdrant.Send("POST", "/collections/notes/points", """{"ids":[1],"with_payload":true}""")[0].GetProperty("payload");
        Assert.Equal("changed by the older one", payload.GetProperty("document").GetString());
        Assert.Equal("""{"by":"a newer server"}""", payload.GetProperty("memory_later").GetRawText());
        Assert.Equal("""[1]""", qdrant.Send("GET", "/collections/notes", "").GetProperty("config").GetProperty("metadata").GetProperty("mcp-server-qdrant").GetProperty("later").GetRawText());
    }
}
