using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using McpQdrant.Embeddings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace McpQdrant.Tests.Embeddings.Remote;

/// <summary>An embeddings server on a real socket that answers as OpenAI's and Ollama's do, and can be told to fail.</summary>
internal sealed class ProviderStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script = new();

    private ProviderStandIn(WebApplication app) => _app = app;

    public ConcurrentQueue<ProviderRequest> Requests { get; } = new();

    public IEnumerable<ProviderRequest> EmbeddingRequests => Requests.Where(request => request.Path is "/v1/embeddings" or "/api/embed");

    public EmbeddingOptions OpenAIOptions => new() { Provider = EmbeddingProvider.OpenAi, Model = "some-model", Url = new Uri(Root, "v1") };

    public EmbeddingOptions OllamaOptions => new() { Provider = EmbeddingProvider.Ollama, Url = Root };

    /// <summary>Whether vectors go out as arrays even where base64 was asked for, as many servers do.</summary>
    public bool AlwaysFloats { get; set; }

    /// <summary>Whether the vectors come last first.</summary>
    public bool OutOfOrder { get; set; }

    private TimeProvider Clock { get; init; } = TimeProvider.System;

    private Uri Root => new(_app.Urls.Single());

    public static Task<ProviderStandIn> StartAsync(TimeProvider? clock = null) => StartAsync(new IPEndPoint(IPAddress.Loopback, 0), clock);

    /// <summary>Runs one until the process is asked to end.</summary>
    public static async Task RunAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        await using var standIn = await StartAsync(address, clock: null);
        await standIn._app.WaitForShutdownAsync(cancellationToken);
    }

    private static async Task<ProviderStandIn> StartAsync(IPEndPoint address, TimeProvider? clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(address));
        builder.Services.AddRoutingCore();
        var standIn = new ProviderStandIn(builder.Build()) { Clock = clock ?? TimeProvider.System };
        standIn._app.Run(standIn.AnswerAsync);
        await standIn._app.StartAsync();
        return standIn;
    }

    /// <summary>What the stand-in makes of a text: enough to tell texts apart.</summary>
    public static float[] VectorOf(string text) => [text.Length, text.Length > 0 ? text[0] : 0, 0.5f];

    /// <summary>The next request gets this answer; each call adds one more.</summary>
    public ProviderStandIn Then(Func<HttpContext, Task> answer)
    {
        _script.Enqueue(answer);
        return this;
    }

    public ProviderStandIn Then(int status, string body, params (string Name, string Value)[] headers) => Then(async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(body);
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var request = new ProviderRequest(context.Request.Path, context.Request.Headers.Authorization, body, Clock.GetUtcNow());
        Requests.Enqueue(request);

        if (request.Path is "/v1/models" or "/api/tags")
            await context.Response.WriteAsync(request.Path is "/v1/models"
                ? """{"object": "list", "data": [{"id": "gpt-9"}, {"id": "text-embedding-9"}]}"""
                : """{"models": [{"name": "llama9:latest"}, {"name": "nomic-embed-text:latest"}]}""");
        else if (_script.TryDequeue(out var answer))
            await answer(context);
        else
            await context.Response.WriteAsync((request.Path is "/api/embed" ? OllamaAnswer(request) : OpenAIAnswer(request)).ToJsonString());
    }

    private JsonObject OpenAIAnswer(ProviderRequest request)
    {
        var items = request.Texts.Select((text, i) => new JsonObject { ["object"] = "embedding", ["index"] = i, ["embedding"] = Encoded(request, text) });
        return new JsonObject
        {
            ["object"] = "list",
            ["model"] = "m",
            ["data"] = new JsonArray([.. OutOfOrder ? items.Reverse() : items]),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 7, ["total_tokens"] = 7 },
        };
    }

    private JsonNode Encoded(ProviderRequest request, string text) =>
        request.Json.TryGetProperty("encoding_format", out var format) && format.GetString() == "base64" && !AlwaysFloats
            ? JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes(VectorOf(text).AsSpan())))
            : Floats(text);

    private static JsonObject OllamaAnswer(ProviderRequest request) => new()
    {
        ["model"] = "m",
        ["embeddings"] = new JsonArray([.. request.Texts.Select(Floats)]),
        ["prompt_eval_count"] = 7,
    };

    private static JsonArray Floats(string text) => new([.. VectorOf(text).Select(number => JsonValue.Create(number))]);
}
