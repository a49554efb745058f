using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using McpQdrant.Embeddings;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Http;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Tests.Embeddings.Remote;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Qdrant;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Security;

/// <summary>Nothing that the server says or sends holds a key, whatever goes wrong.</summary>
public sealed class SecretTests
{
    private const string Mark = "s3cret";
    private const string OwnKey = $"{Mark}-own";
    private const string QdrantKey = $"{Mark}-qdrant";
    private const string ProviderKey = $"{Mark}-provider";
    private const string GuessedKey = $"{Mark}-guessed";

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "refused the key in EMBEDDING_API_KEY")]
    [InlineData(HttpStatusCode.BadRequest, "Wrong: Bearer ***")]
    public async Task No_key_is_in_an_answer_the_log_or_the_telemetry(HttpStatusCode status, string sentence)
    {
        var telemetry = new ConcurrentQueue<string>();
        await using var collector = await CollectAsync(telemetry);
        await using var qdrant = await QdrantStandIn.StartAsync(
            new QdrantStandInOptions { Keys = new Dictionary<string, StandInAccess> { ["another"] = StandInAccess.Everything } }, TestContext.Current.CancellationToken);
        await using var provider = await ProviderStandIn.StartAsync();
        foreach (var _ in Enumerable.Range(0, 10))
            provider.Then(context => EchoAsync(context, status));

        var answers = new StringBuilder();
        await using var server = await HttpServerProcess.StartAsync(new Dictionary<string, string?>
        {
            ["MCP_API_KEY"] = OwnKey,
            ["QDRANT_URL"] = qdrant.Url.ToString(),
            ["QDRANT_API_KEY"] = QdrantKey,
            ["EMBEDDING_PROVIDER"] = "openai",
            ["EMBEDDING_MODEL"] = "m",
            ["EMBEDDING_URL"] = $"{provider.OpenAIOptions.Url}",
            ["EMBEDDING_API_KEY"] = ProviderKey,
            ["FASTMCP_LOG_LEVEL"] = "DEBUG",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        await SendAsync("", OwnKey, Messages.Initialize());
        await SendAsync("", OwnKey, Messages.Store(1, "x"));
        await SendAsync("", OwnKey, Messages.Find(1, "x"));
        await SendAsync("", OwnKey, Messages.Request(1, "resources/read", new() { ["uri"] = "memory://notes" }));
        await SendAsync("", OwnKey, "{");
        await SendAsync("", GuessedKey, Messages.Find(1, "x"));
        await SendAsync($"?api_key={OwnKey}", null, Messages.Find(1, "x"));
        answers.AppendLine(await server.Client.GetStringAsync(new Uri(server.Address, "/alive")));
        using (var health = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/health")) { Headers = { { "X-API-Key", OwnKey } } })
            answers.AppendLine(await (await server.Client.SendAsync(health)).Content.ReadAsStringAsync());
        server.Process.Signal(PosixSignal.SIGTERM);
        await server.Process.WaitForExitAsync();

        Assert.Contains(sentence, answers.ToString(), StringComparison.Ordinal);
        Assert.Contains("Check QDRANT_API_KEY", answers.ToString(), StringComparison.Ordinal);
        Assert.Contains(telemetry, body => body.Contains("/mcp", StringComparison.Ordinal));
        Assert.DoesNotContain(Mark, answers.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Mark, server.Process.Errors, StringComparison.Ordinal);
        Assert.All(telemetry, body => Assert.DoesNotContain(Mark, body, StringComparison.Ordinal));

        async Task SendAsync(string query, string? key, string body)
        {
            using var request = HttpServerProcess.Request(new Uri(server.Address, $"/mcp{query}"), body);
            if (key is not null)
                request.Headers.Add("Authorization", $"Bearer {key}");
            using var response = await server.Client.SendAsync(request);
            answers.AppendLine($"{response.Headers}{await response.Content.ReadAsStringAsync()}");
        }
    }

    public static TheoryData<string> Holders => [.. Held.Keys];

    private static Dictionary<string, object> Held => new object[]
    {
        new CallerAuthenticationOptions { ApiKey = OwnKey },
        new HttpOptions
        {
            Urls = [], MaxRequestBytes = 1, BodyTimeout = default, RequestsPerMinute = 1, MaxConnections = 100, ConcurrentRequests = 1, DrainTimeout = default,
            Authentication = new CallerAuthenticationOptions { ApiKey = OwnKey },
        },
        new NewKey(OwnKey, new CallerEntry { Name = "ann" }),
        new ConnectionString(new Uri("http://qdrant:6333"), QdrantKey),
        new QdrantOptions { Url = new Uri("http://qdrant:6333"), ApiKey = QdrantKey },
        new EmbeddingOptions { ApiKey = ProviderKey },
    }.ToDictionary(holder => holder.GetType().Name);

    [Theory]
    [MemberData(nameof(Holders))]
    public void What_holds_a_key_does_not_print_it(string holder) => Assert.DoesNotContain(Mark, $"{Held[holder]}", StringComparison.Ordinal);

    /// <summary>As careless as a provider can be.</summary>
    private static Task EchoAsync(HttpContext context, HttpStatusCode status)
    {
        context.Response.StatusCode = (int)status;
        return context.Response.WriteAsync($$$"""{"error": {"message": "Wrong: {{{context.Request.Headers.Authorization}}}", "code": "wrong"}}""");
    }

    private static async Task<WebApplication> CollectAsync(ConcurrentQueue<string> bodies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            bodies.Enqueue(Encoding.UTF8.GetString(body.ToArray()));
        });
        await app.StartAsync();
        return app;
    }
}
