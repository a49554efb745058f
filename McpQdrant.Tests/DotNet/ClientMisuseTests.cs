using System.Net;
using McpQdrant.Memories;
using McpQdrant.Tests.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace McpQdrant.Tests.DotNet;

/// <summary>What goes wrong between a program and a server, each with a type and a sentence.</summary>
public sealed class ClientMisuseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_client_needs_one_address()
    {
        var none = Assert.Throws<MemoriesException>(() => new ServiceCollection().AddMcpQdrantClient(_ => { }));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var unknown = Assert.Throws<MemoriesException>(() => builder.AddMcpQdrantClient("memory"));
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:memory", "Endpoint=nowhere;Key=hunter2")]);
        var wrong = Assert.Throws<MemoriesException>(() => builder.AddMcpQdrantClient("memory"));

        Assert.Contains("Endpoint", none.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:memory", unknown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aspires_connection_string_leads_to_the_server_and_its_health()
    {
        await using var server = await StartAsync(new() { ["MCP_API_KEY"] = "the-right-key-of-the-test", ["COLLECTION_NAME"] = "notes" });
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:memory", $"Endpoint={server.Address};Key=the-right-key-of-the-test")]);
        builder.AddMcpQdrantClient("memory");
        using var host = builder.Build();
        var (memories, health) = (host.Services.GetRequiredService<IMemories>(), host.Services.GetRequiredService<HealthCheckService>());

        var stored = await memories.StoreAsync("In the server's only collection.");

        Assert.Equal("notes", stored.Collection);
        Assert.Equal("notes", (await memories.GetAsync(stored.Id))!.Collection);
        Assert.Single(await memories.ListAsync().ToListAsync());
        var elsewhere = await Assert.ThrowsAsync<NotSupportedException>(() => memories.StoreAsync("Elsewhere.", new StoreOptions { Collection = "other" }));
        Assert.Contains("one collection", elsewhere.Message, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["McpQdrant_memory"].Status);
        server.Process.Kill();
        await server.Process.WaitForExitAsync();
        var report = (await health.CheckHealthAsync()).Entries["McpQdrant_memory"];
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("can't be reached", report.Description!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_wrong_and_a_right_that_is_missing_are_refused()
    {
        await using var server = await StartAsync(new() { ["MCP_API_KEY"] = "the-right-key-of-the-test", ["QDRANT_READ_ONLY"] = "true" });
        await using var wrong = Add(client => (client.Endpoint, client.Key) = (server.Address, "a-wrong-key"));
        await using var token = Add(client => (client.Endpoint, client.Token) = (server.Address, _ => ValueTask.FromResult("the-right-key-of-the-test")));

        var refused = await Assert.ThrowsAsync<MemoryAccessException>(() => wrong.GetRequiredService<IMemories>().FindAsync("what"));
        Assert.DoesNotContain("a-wrong-key", refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(await token.GetRequiredService<IMemories>().FindAsync("what"));
        await Assert.ThrowsAsync<MemoryAccessException>(() => token.GetRequiredService<IMemories>().StoreAsync("A text."));
        await Assert.ThrowsAsync<NotSupportedException>(() => token.GetRequiredService<IMemories>().UndoAsync(Guid.NewGuid().ToString()));
        var filter = new FindOptions { Filter = [] };
        await Assert.ThrowsAsync<NotSupportedException>(() => token.GetRequiredService<IMemories>().FindAsync("what", filter));
        await Assert.ThrowsAsync<NotSupportedException>(() => token.GetRequiredService<IMemories>().FindAsync("what", new FindOptions { Caller = new MemoryCaller { Name = "ada" } }));
    }

    [Fact]
    public async Task Nobody_there_another_path_and_no_such_program_are_outages()
    {
        await using var server = await StartAsync([]);
        await using var nobody = Add(client => (client.Endpoint, client.MaxRetries) = (new Uri("http://127.0.0.1:9/mcp"), 0));
        await using var path = Add(client => client.Endpoint = new Uri(server.Address, "/nothing/here"));
        await using var program = Add(client => client.Command = _folder.File("no-such-program"));

        Exception[] failures =
        [
            await Assert.ThrowsAsync<MemoriesUnavailableException>(() => nobody.GetRequiredService<IMemories>().FindAsync("what")),
            await Assert.ThrowsAsync<MemoriesUnavailableException>(() => path.GetRequiredService<IMemories>().FindAsync("what")),
            await Assert.ThrowsAsync<MemoriesUnavailableException>(() => program.GetRequiredService<IMemories>().FindAsync("what")),
        ];

        Assert.Contains("127.0.0.1:9", failures[0].Message, StringComparison.Ordinal);
        Assert.Contains("/mcp", failures[1].Message, StringComparison.Ordinal);
        Assert.Contains("no-such-program", failures[2].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qdrant-find", "no structured answer")]
    [InlineData("weather", "none of the tools")]
    public async Task A_server_of_another_version_is_told_as_such(string tool, string reason)
    {
        await using var server = await AnswerAsync(builder => builder.Services.AddMcpServer(options => options.ServerInfo = new() { Name = "another-server", Version = "0.8.0" })
            .WithHttpTransport(options => options.Stateless = true)
            .WithTools([McpServerTool.Create((string query) => $"Nothing about {query}.", new() { Name = tool })]), app => app.MapMcp("/mcp"));
        await using var services = Add(client => client.Endpoint = new Uri($"{server.Urls.First()}/mcp"));

        var failure = await Assert.ThrowsAsync<ServerVersionException>(() => services.GetRequiredService<IMemories>().FindAsync("what"));

        Assert.Contains("another-server 0.8.0", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_and_one_that_stays_so_is_an_outage()
    {
        await using var server = await StartAsync([]);
        using var forward = new HttpClient();
        var (refusals, requests) = (2, 0);
        await using var busy = await AnswerAsync(_ => { }, app => app.Run(async context =>
        {
            Interlocked.Increment(ref requests);
            if (Interlocked.Decrement(ref refusals) >= 0)
            {
                context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
                return;
            }
            await ForwardAsync(context, forward, server.Address);
        }));
        await using var services = Add(client => client.Endpoint = new Uri($"{busy.Urls.First()}/mcp"));
        var memories = services.GetRequiredService<IMemories>();

        Assert.True((await memories.StoreAsync("After two refusals.")).IsNew);
        refusals = int.MaxValue;
        requests = 0;
        await Assert.ThrowsAsync<MemoriesUnavailableException>(() => memories.FindAsync("what"));
        Assert.Equal(4, requests);
    }

    [Fact]
    public async Task A_server_that_was_started_anew_is_found_again()
    {
        await using var first = await StartAsync([]);
        await using var services = Add(client => client.Endpoint = first.Address);
        var memories = services.GetRequiredService<IMemories>();
        var stored = await memories.StoreAsync("Before the restart.");
        first.Process.Kill();
        await first.Process.WaitForExitAsync();

        await using var second = ServerProcess.Start(
            ["--transport", "http", "--port", $"{first.Address.Port}"], new Dictionary<string, string?> { ["QDRANT_LOCAL_PATH"] = _folder.Path });
        Assert.Contains("http://", await second.ReadLineAsync() ?? "", StringComparison.Ordinal);

        Assert.Equal("Before the restart.", (await memories.GetAsync(stored.Id))!.Text);
    }

    private static ServiceProvider Add(Action<McpQdrantClientSettings> configure) => new ServiceCollection().AddMcpQdrantClient(configure).BuildServiceProvider();

    private static async Task<WebApplication> AnswerAsync(Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    private static async Task ForwardAsync(HttpContext context, HttpClient client, Uri address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), address) { Content = new StreamContent(context.Request.Body) };
        foreach (var (name, value) in context.Request.Headers.Where(header => header.Key is not "Host"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        }
        using var response = await client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private Task<HttpServerProcess> StartAsync(Dictionary<string, string?> environment) =>
        HttpServerProcess.StartAsync(new Dictionary<string, string?>(environment) { ["QDRANT_LOCAL_PATH"] = _folder.Path });
}
