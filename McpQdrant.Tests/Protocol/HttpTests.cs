using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using McpQdrant.Tests.Server.Cli;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Protocol;

/// <summary>The binary over HTTP.</summary>
public sealed class HttpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/mcp/")]
    public async Task Mcp_is_served_with_and_without_a_slash_and_without_a_redirect(string path)
    {
        await using var server = await StartAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        using var request = HttpServerProcess.Request(new Uri(server.Address, path), Messages.Initialize());

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_client_stores_and_finds()
    {
        await using var server = await StartAsync();
        await using var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = server.Address, TransportMode = HttpTransportMode.StreamableHttp }));

        await client.CallToolAsync("qdrant-store", new Dictionary<string, object?> { ["information"] = "The printer is on the third floor.", ["collection_name"] = "office" });
        await client.CallToolAsync("qdrant-store", new Dictionary<string, object?> { ["information"] = "Lunch is at noon.", ["collection_name"] = "office" });
        var found = await client.CallToolAsync("qdrant-find", new Dictionary<string, object?> { ["query"] = "Where can I print?", ["collection_name"] = "office" });

        Assert.Equal("Results for the query 'Where can I print?'", ((TextContentBlock)found.Content[0]).Text);
        Assert.Contains("><content>The printer is on the third floor.</content><metadata></metadata></entry>", ((TextContentBlock)found.Content[1]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_the_older_sse_transport_stores_and_finds()
    {
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path }, "sse");
        await using var client = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(server.Address, "/sse"), TransportMode = HttpTransportMode.Sse }));

        var stored = await client.CallToolAsync("qdrant-store", new Dictionary<string, object?> { ["information"] = "Lunch is at noon.", ["collection_name"] = "office" });

        Assert.Equal("Remembered: Lunch is at noon. in collection office", ((TextContentBlock)stored.Content[0]).Text);
    }

    [Fact]
    public async Task Sixteen_callers_at_once_are_all_served()
    {
        await using var server = await StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => server.CallAsync(i % 2 == 0 ? Messages.Store(i, $"Note {i}") : Messages.Find(i, $"note {i}"))));

        Assert.All(replies, reply => Assert.False(reply.Result().TryGetProperty("isError", out var isError) && isError.GetBoolean(), reply.ToString()));
    }

    [Fact]
    public async Task SIGTERM_finishes_what_is_under_way_and_ends_with_zero()
    {
        await using var server = await StartAsync();
        await server.CallAsync(Messages.Store(0, "first"));

        var calls = Enumerable.Range(1, 10).Select(i => server.CallAsync(Messages.Store(i, $"Note {i}"))).ToArray();
        await Task.WhenAny(calls);
        server.Process.Signal(PosixSignal.SIGTERM);

        Assert.Equal(0, await server.Process.WaitForExitAsync());
    }

    [Fact]
    public async Task A_taken_port_gets_a_sentence_and_exit_code_1()
    {
        await using var server = await StartAsync();

        await using var second = ServerProcess.Start(["--transport", "http", "--port", $"{server.Address.Port}"], new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path });

        Assert.Equal(1, await second.WaitForExitAsync());
        Assert.Contains($"Port {server.Address.Port} on 127.0.0.1 is taken. Choose another one with --port.", second.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kestrel__Endpoints__Open__Url")]
    [InlineData("ASPNETCORE_Kestrel__Endpoints__Open__Url")]
    [InlineData("DOTNET_Kestrel__Endpoints__Open__Url")]
    [InlineData("URLS")]
    [InlineData("DOTNET_URLS")]
    public async Task Variables_of_the_framework_open_no_listener_past_the_settings(string variable)
    {
        using var port = new FreePort();
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?>
        {
            ["QDRANT_LOCAL_PATH"] = ":memory:",
            [variable] = $"http://127.0.0.1:{port.Number}",
            ["ASPNETCORE_PREFERHOSTINGURLS"] = "true",
        });

        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port.Number));

        if (variable.Contains("Endpoints", StringComparison.Ordinal))
            Assert.Contains($"{variable} is not used", server.Process.Errors, StringComparison.Ordinal);
    }

    private Task<HttpServerProcess> StartAsync() => HttpServerProcess.StartAsync(new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path });
}
