using System.Net;

namespace McpQdrant.Core.Http;

/// <summary>The proxy that <c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c> and <c>ALL_PROXY</c> name, but not for this machine's own servers.</summary>
/// <remarks>
/// .NET takes traffic to loopback to the proxy as well, unless <c>NO_PROXY</c> lists it: with it the keys of a Qdrant or an Ollama on this
/// machine would go to another one, which could not reach them anyway.
/// </remarks>
public sealed class LoopbackProxyBypass(IWebProxy inner) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => inner.Credentials;
        set => inner.Credentials = value;
    }

    /// <summary>For the whole process: libraries make clients of their own, for telemetry and for the keys of tokens.</summary>
    public static void UseForAllClients()
    {
        if (HttpClient.DefaultProxy is not LoopbackProxyBypass)
            HttpClient.DefaultProxy = new LoopbackProxyBypass(HttpClient.DefaultProxy);
    }

    public Uri? GetProxy(Uri destination) => IsThisMachine(destination) ? null : inner.GetProxy(destination);

    public bool IsBypassed(Uri host) => IsThisMachine(host) || inner.IsBypassed(host);

    /// <summary>Loopback addresses and names; the wildcard address also connects to this machine.</summary>
    private static bool IsThisMachine(Uri address) =>
        address.IsLoopback
        || address.IdnHost.TrimEnd('.') is var host && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || host is "0.0.0.0" or "::");
}
