using System.Net;
using System.Net.Sockets;
using McpQdrant.Tests.Embeddings.Remote;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Protocol;

/// <summary>The variables of a company's proxy are for the world outside: what this machine's own servers get, keys included, never goes there.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("http_proxy")]
    [InlineData("ALL_PROXY")]
    [InlineData("all_proxy")]
    public async Task Nothing_for_this_machine_goes_to_the_proxy(string variable)
    {
        using var proxy = new RefusingProxy();
        await using var qdrant = await QdrantStandIn.StartAsync(new QdrantStandInOptions(), TestContext.Current.CancellationToken);
        await using var provider = await ProviderStandIn.StartAsync();
        await using var server = ServerProcess.Start([], new Dictionary<string, string?>
        {
            [variable] = proxy.Address,
            ["QDRANT_URL"] = qdrant.Url.AbsoluteUri,
            ["EMBEDDING_PROVIDER"] = "openai",
            ["EMBEDDING_MODEL"] = provider.OpenAIOptions.Model,
            ["EMBEDDING_URL"] = provider.OpenAIOptions.Url!.AbsoluteUri,
            // A collector that isn't there: that telemetry is tried is enough.
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });

        await server.WriteAsync(Messages.Initialize(), Messages.Initialized, Messages.Store(1, "The deploy key rotates on Mondays."));
        server.CloseInput();
        var reply = (await server.ReadToEndAsync()).Reply(1);
        await server.WaitForExitAsync();

        Assert.StartsWith("Remembered: ", reply.Text(), StringComparison.Ordinal);
        Assert.NotEmpty(provider.EmbeddingRequests);
        Assert.Equal(0, proxy.Connections);
    }

    /// <summary>Counts who connects, and answers nobody.</summary>
    private sealed class RefusingProxy : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _connections;

        public RefusingProxy()
        {
            _listener.Start();
            _ = CountAsync();
        }

        public string Address => $"http://{_listener.LocalEndpoint}";

        public int Connections => Volatile.Read(ref _connections);

        public void Dispose() => _listener.Dispose();

        private async Task CountAsync()
        {
            try
            {
                while (true)
                {
                    using var connection = await _listener.AcceptSocketAsync();
                    Interlocked.Increment(ref _connections);
                }
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
