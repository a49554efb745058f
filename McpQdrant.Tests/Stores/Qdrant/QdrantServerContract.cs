using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Tests.Contract;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>The Qdrant store against a real server, where <c>QDRANT_TEST_URL</c> names one. Its collections are left behind, with names that start with <c>notes-</c>.</summary>
public sealed class QdrantServerContract : MemoryStoreContract, IDisposable
{
    private QdrantService? _service;

    public void Dispose() => _service?.Dispose();

    private protected override Task<IMemoryStore> OpenAsync()
    {
        var url = Environment.GetEnvironmentVariable("QDRANT_TEST_URL");
        Assert.SkipWhen(string.IsNullOrEmpty(url), "QDRANT_TEST_URL names no Qdrant server.");

        _service ??= new QdrantService(new QdrantOptions
        {
            Url = new Uri(url!),
            ApiKey = Environment.GetEnvironmentVariable("QDRANT_TEST_API_KEY") is { Length: > 0 } key ? key : null,
        });
        return Task.FromResult(_service.Store);
    }
}
