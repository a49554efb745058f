using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Server.Rest;

/// <summary>The whole server with the REST API, over real HTTP, with the tiny model; its memories are embedded, or in a Qdrant that is stood in for.</summary>
internal sealed class RestServer(AccessServer server, QdrantStandIn? qdrant) : IAsyncDisposable
{
    public AccessServer Server { get; } = server;

    public static async Task<RestServer> StartAsync(bool isQdrant, params (string Name, string Text)[] settings)
    {
        var qdrant = isQdrant ? await QdrantStandIn.StartAsync(new QdrantStandInOptions(), TestContext.Current.CancellationToken) : null;
        (string, string)[] usual = [("MCP_REST", "true"), ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_RATE_LIMIT", "0"), .. qdrant is null ? [] : new[] { ("QDRANT_URL", qdrant.Url.ToString()) }];
        return new RestServer(await AccessServer.StartAsync([.. settings, .. usual.ExceptBy(settings.Select(setting => setting.Name), setting => setting.Item1)]), qdrant);
    }

    /// <param name="path">Below <c>/api/v1</c>.</param>
    /// <param name="json">The body; null for none.</param>
    public async Task<RestAnswer> SendAsync(string method, string path, string? json = null, string? bearer = null, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Server.Address, $"/api/v1{path}"));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        prepare?.Invoke(request);
        using var response = await Server.Client.SendAsync(request);
        return new RestAnswer($"{request.Method} {request.RequestUri} {request.Headers} {json}", response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);
    }

    /// <summary>What must succeed.</summary>
    public async Task<JsonElement> DoAsync(string method, string path, string? json = null, string? bearer = null)
    {
        var answer = await SendAsync(method, path, json, bearer);
        Assert.True((int)answer.Status is >= 200 and < 300, $"{method} {path}: {(int)answer.Status} {answer.Body}");
        return answer.Body.Length == 0 ? default : answer.Json;
    }

    /// <returns>The id.</returns>
    public async Task<string> StoreAsync(string collection, string text, string metadata = "{}") =>
        (await DoAsync("POST", $"/collections/{collection}/memories", $$"""{"text": {{JsonSerializer.Serialize(text)}}, "metadata": {{metadata}}}""")).GetProperty("id").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (qdrant is not null)
            await qdrant.DisposeAsync();
    }
}

/// <param name="Request">What it answers, to be read by people.</param>
internal sealed record RestAnswer(string Request, HttpStatusCode Status, string Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string? Tag => Headers.ETag?.Tag;

    /// <summary>Problem details with this status, and the sentence.</summary>
    public string Problem(HttpStatusCode status)
    {
        Assert.True(status == Status, $"{(int)Status} {Body}");
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        Assert.Equal(("about:blank", (int)status), (Json.GetProperty("type").GetString(), Json.GetProperty("status").GetInt32()));
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        return Json.GetProperty("detail").GetString()!;
    }
}
