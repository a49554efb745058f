using System.Net;
using System.Text;
using McpQdrant.Core.Collections;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Stores.Qdrant.Api;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>What a caller reads when Qdrant has said no: word for word, from the recorded answers.</summary>
public sealed class QdrantSentenceTests
{
    [Theory]
    [InlineData("errors", "missing collection: query", "Collection 'missing' doesn't exist.")]
    [InlineData("errors", "upsert: wrong size",
        "Collection 'named' isn't what it was: its vectors have size 4, and one of size 3 was sent. Try again; if it stays so, choose another collection.")]
    [InlineData("errors", "upsert: wrong name",
        "Collection 'named' isn't what it was: it has no vector 'other'. Try again; if it stays so, choose another collection.")]
    [InlineData("errors", "query: no name where only names exist",
        "Collection 'named' isn't what it was: it has no vector without a name. Try again; if it stays so, choose another collection.")]
    [InlineData("adoption-add-vector", "query a vector that the collection lacks",
        "Collection 'adopt' isn't what it was: it has no vector 'bm25'. Try again; if it stays so, choose another collection.")]
    [InlineData("errors", "filter: match with a float",
        "Qdrant refuses the filter: data did not match any variant of untagged enum MatchInterface.")]
    [InlineData("errors", "filter: an unknown key in the filter",
        "Qdrant refuses the filter: unknown field `musst`, expected one of `should`, `min_should`, `must`, `must_not`.")]
    [InlineData("errors", "filter: a condition without a test",
        "Qdrant refuses the filter at must[0]: At least one field condition must be specified.")]
    [InlineData("errors", "filter: a key that isn't a path", "Qdrant refuses the filter: Invalid json path: 'a b'.")]
    [InlineData("errors-authentication", "no key: GET /collections",
        "Qdrant at http://qdrant.test:6333 asks for an API key. Set QDRANT_API_KEY.")]
    [InlineData("errors-authentication", "wrong key: list",
        "Qdrant at http://qdrant.test:6333 doesn't accept the API key. Check QDRANT_API_KEY.")]
    [InlineData("errors-authentication", "read-only key: store",
        "The API key for Qdrant is read-only. Use one that may write, or set QDRANT_READ_ONLY=true.")]
    [InlineData("errors-authentication", "read-only key: create",
        "The API key for Qdrant is read-only. Use one that may write, or set QDRANT_READ_ONLY=true.")]
    [InlineData("errors-authentication-jwt", "read mine: query other",
        "The API key for Qdrant doesn't cover collection 'other'. Choose a collection that it covers, or use another key.")]
    [InlineData("errors-authentication-jwt", "read mine: store in mine",
        "The API key for Qdrant may only read collection 'mine'. Use one that may write to it.")]
    [InlineData("errors-authentication-jwt", "read mine: create a collection",
        "The API key for Qdrant may not create collection 'third'. Choose a collection that it covers, or use another key.")]
    [InlineData("errors-authentication-jwt", "expired: list",
        "The access token for Qdrant has expired. Put a new one into QDRANT_API_KEY.")]
    [InlineData("errors-authentication-jwt", "signed by another key: query mine",
        "Qdrant at http://qdrant.test:6333 doesn't accept the access token: it is signed with another key. Check QDRANT_API_KEY.")]
    [InlineData("errors-strict-mode", "upsert too many",
        "The strict mode of collection 'strict' doesn't allow this: Limit exceeded 4 > 3 for \"upsert limit\". Reduce the \"upsert limit\" parameter to or below 3.")]
    [InlineData("errors-strict-mode", "limit too high",
        "The strict mode of collection 'strict' doesn't allow this: Limit exceeded 6 > 5 for \"limit\". Reduce the \"limit\" parameter to or below 5.")]
    [InlineData("errors-strict-mode", "filter on an unindexed field",
        "The strict mode of collection 'strict' only allows filters and rankings by indexed fields, and 'metadata.n' has no index of the type integer. Use another field, or create that index.")]
    [InlineData("errors-strict-mode", "is_empty on an unindexed field",
        "The strict mode of collection 'strict' only allows filters and rankings by indexed fields, and 'metadata.n' has no index. Use another field, or create that index.")]
    [InlineData("errors-strict-mode", "too many conditions",
        "The strict mode of collection 'strict' doesn't allow this: Filter condition limit reached (3 > 2). Reduce the amount of conditions of your filter.")]
    [InlineData("errors-strict-mode", "has_id of three",
        "The strict mode of collection 'strict' doesn't allow this: Condition size limit reached (3 > 2). Reduce the size of your condition.")]
    [InlineData("errors-strict-mode", "rate limit: write 2",
        "Collection 'strict' limits how often it is written to, and the limit is reached. Try again in 30 s.")]
    [InlineData("errors-strict-mode", "rate limit: read 3",
        "Collection 'strict' limits how often it is read, and the limit is reached. Try again in 30 s.")]
    [InlineData("bm25-options", "model 'sentence-transformers/all-minilm-l6-v2'",
        "Qdrant at http://qdrant.test:6333 knows no embedding model of the name that was asked for, or has no inference service to ask. Where Qdrant is to embed, check EMBEDDING_MODEL; otherwise choose another EMBEDDING_PROVIDER.")]
    [InlineData("bm25-options", "model ''",
        "Qdrant at http://qdrant.test:6333 refuses the request for collection 'bm25-options' (HTTP 422): [internal.query.model: value \"\" invalid, must be at least 1 characters].")]
    [InlineData("adoption-add-vector", "add it again otherwise",
        "Qdrant at http://qdrant.test:6333 refuses the request for collection 'adopt' (HTTP 400): Sparse vector `bm25` already exists with a different configuration.")]
    [InlineData("adoption-add-vector", "add a dense vector again with another size",
        "Qdrant at http://qdrant.test:6333 refuses the request for collection 'adopt' (HTTP 400): Vector `other` already exists with a different configuration.")]
    [InlineData("adoption-add-vector", "add a vector to a missing collection", "Collection 'missing' doesn't exist.")]
    [InlineData("hybrid", "formula: recency, no default, no index",
        "Collection 'hybrid-memories' has memories whose field 'stored_at' is no time, so they can't be ranked by age. Unset MEMORY_RECENCY_HALF_LIFE, or correct them.")]
    [InlineData("hybrid", "mmr, diversity out of range",
        "Qdrant at http://qdrant.test:6333 refuses the request for collection 'hybrid-memories' (HTTP 422): [internal.query.mmr.diversity: value 1.5 invalid, must be from 0.0 to 1.0].")]
    public void A_recorded_refusal_reads_as_a_sentence(string scenario, string name, string sentence)
    {
        var exchange = RecordedExchange.Find(scenario, name);
        var hasKey = exchange.Headers.ContainsKey("api-key");
        var options = new QdrantOptions { Url = new Uri("http://qdrant.test:6333/"), ApiKey = hasKey ? "key" : null };

        var failure = new QdrantErrors(options, isInContainer: false)
            .Refused((HttpStatusCode)exchange.Status, Encoding.UTF8.GetBytes(exchange.Answer), RequestOf(exchange));

        Assert.Equal(sentence, failure.Message);
    }

    private static QdrantRequest RequestOf(RecordedExchange exchange) => new(new HttpMethod(exchange.Method), exchange.Path[1..])
    {
        Collection = exchange.Path.Split('/') is [_, _, var name, ..] ? CollectionName.Parse(name.Split('?')[0]) : null,
        Body = exchange.Body is { } body ? Encoding.UTF8.GetBytes(body.GetRawText()) : default,
        Filter = exchange.Body is { } with && with.TryGetProperty("filter", out var filter) ? RawFilter.Of(filter) : null,
    };
}
