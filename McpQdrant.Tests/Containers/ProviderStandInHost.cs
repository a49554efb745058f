using System.Net;
using McpQdrant.Tests.Embeddings.Remote;

namespace McpQdrant.Tests.Containers;

/// <summary>The stand-in for an embeddings server as a program of the tests' image, for app hosts that let another container make the vectors.</summary>
public sealed class ProviderStandInHost
{
    private const int Port = 8080;

    /// <summary>Not a test: it runs where <c>-explicit only</c> asks for it, and ends with its process.</summary>
    [Fact(Explicit = true)]
    public Task Serves_until_it_is_stopped() => ProviderStandIn.RunAsync(new IPEndPoint(IPAddress.Any, Port), TestContext.Current.CancellationToken);
}
