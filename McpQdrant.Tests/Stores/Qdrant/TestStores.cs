using McpQdrant.Stores.Qdrant;
using McpQdrant.Stores.Qdrant.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>Stores over a handler of the test's own, without retries.</summary>
internal static class TestStores
{
    public static readonly QdrantOptions Options = new() { Url = new Uri("http://qdrant.test:6333/"), ApiKey = "secret-key" };

    public static QdrantMemoryStore Over(HttpMessageHandler handler, QdrantOptions? options = null)
    {
        options ??= Options;
        var http = new HttpClient(handler) { BaseAddress = options.Url };
        var client = new QdrantClient(http, new QdrantErrors(options, isInContainer: false), options);
        return new QdrantMemoryStore(client, new QdrantChangeLog(client, options), options, NullLogger<QdrantMemoryStore>.Instance);
    }
}
