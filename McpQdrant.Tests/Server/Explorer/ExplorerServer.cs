using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Server.Explorer;

/// <summary>The whole server with the Explorer, over real HTTP, with the tiny model. Its cookies are a test's to keep and send.</summary>
internal sealed class ExplorerServer(AccessServer server) : IAsyncDisposable
{
    public const string Key = "the-key-of-this-server";

    public AccessServer Server { get; } = server;

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = ServerProcess.Patience };

    public static async Task<ExplorerServer> StartAsync(params (string Name, string Text)[] settings)
    {
        (string Name, string Text)[] usual = [("MCP_EXPLORER", "true"), ("EMBEDDING_MODEL_PATH", Watched.TinyModel), ("MCP_RATE_LIMIT", "0")];
        return new ExplorerServer(await AccessServer.StartAsync([.. settings, .. usual.ExceptBy(settings.Select(setting => setting.Name), setting => setting.Name)]));
    }

    public async Task<ExplorerAnswer> SendAsync(string method, string path, string? json = null, string? cookie = null, string? csrf = null, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Server.Address, path));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (cookie is not null)
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        if (csrf is not null)
            request.Headers.TryAddWithoutValidation("X-CSRF-Token", csrf);
        prepare?.Invoke(request);
        using var response = await _client.SendAsync(request);
        return new ExplorerAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);
    }

    /// <returns>The cookie as a browser sends it back, and the token.</returns>
    public async Task<(string Cookie, string Csrf)> SignInAsync(string key = Key, string? cookie = null)
    {
        var answer = await SendAsync("POST", "/explorer/session", JsonSerializer.Serialize(new { key }), cookie);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        return (answer.SetCookie!.Split(';')[0], answer.Json.GetProperty("csrf").GetString()!);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return Server.DisposeAsync();
    }
}

internal sealed record ExplorerAnswer(HttpStatusCode Status, string Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string? SetCookie => Headers.TryGetValues("Set-Cookie", out var cookies) ? Assert.Single(cookies) : null;

    public string Header(string name) => string.Join(", ", Headers.GetValues(name));
}
