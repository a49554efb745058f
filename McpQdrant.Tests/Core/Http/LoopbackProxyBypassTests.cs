using System.Net;
using McpQdrant.Core.Http;

namespace McpQdrant.Tests.Core.Http;

public sealed class LoopbackProxyBypassTests
{
    private static readonly Uri Proxy = new("http://proxy.test:3128");

    private readonly LoopbackProxyBypass _bypass = new(new WebProxy(Proxy));

    [Theory]
    [InlineData("http://localhost:6333")]
    [InlineData("http://LOCALHOST.:6333")]
    [InlineData("http://qdrant.localhost:6333")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://127.8.9.10:11434")]
    [InlineData("http://[::1]:4317")]
    [InlineData("http://[::ffff:127.0.0.1]:4317")]
    [InlineData("http://0.0.0.0:6333")]
    [InlineData("http://[::]:6333")]
    public void GetProxy_is_none_for_this_machine(string address)
    {
        Assert.Null(_bypass.GetProxy(new Uri(address)));
        Assert.True(_bypass.IsBypassed(new Uri(address)));
    }

    [Theory]
    [InlineData("http://qdrant:6333")]
    [InlineData("https://api.openai.com/v1")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://10.0.0.1")]
    public void GetProxy_is_the_configured_one_for_others(string address)
    {
        Assert.Equal(Proxy, _bypass.GetProxy(new Uri(address)));
        Assert.False(_bypass.IsBypassed(new Uri(address)));
    }
}
