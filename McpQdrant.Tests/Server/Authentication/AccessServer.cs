using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Server.Cli;
using McpQdrant.Server.Http;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Server.Authentication;

/// <summary>The whole server in this process, over real HTTP on a free port, with memories that end with it.</summary>
internal sealed class AccessServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AccessServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(HttpServer.Addresses(app)[0]);
        Endpoint = new Uri(Address, "/mcp");
        _app.Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
    }

    public Uri Address { get; }

    /// <summary>Where MCP is served.</summary>
    public Uri Endpoint { get; }

    public IServiceProvider Services => _app.Services;

    public LogCapture Log { get; } = new();

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = ServerProcess.Patience };

    /// <param name="settings">Where they say nothing else, memories end with the server.</param>
    public static async Task<AccessServer> StartAsync(params (string Name, string Text)[] settings)
    {
        (string Name, string Text)[] usual = [("MCP_TRANSPORT", "http"), ("FASTMCP_PORT", "0"), ("QDRANT_URL", ":memory:"), ("FASTMCP_LOG_LEVEL", "INFO")];
        var app = ServeCommand.BuildHttp(Load.Environment([.. usual.ExceptBy(settings.Select(setting => setting.Name), setting => setting.Name), .. settings]));
        await app.StartAsync();
        return new AccessServer(app);
    }

    /// <summary>An entry of the access file for a caller whose key is <see cref="KeyOf"/>.</summary>
    public static JsonObject Entry(string name, string[] collections, bool read = false, bool write = false, bool forget = false) => new()
    {
        ["name"] = name,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(name)))),
        ["collections"] = new JsonArray([.. collections.Select(collection => (JsonNode)collection)]),
        ["read"] = read,
        ["write"] = write,
        ["forget"] = forget,
    };

    public static string File(params JsonObject[] entries) => new JsonObject { ["callers"] = new JsonArray(entries) }.ToJsonString();

    public static string KeyOf(string name) => $"key-of-{name}";

    /// <summary>Posts a message with a key or a token, or without.</summary>
    public async Task<HttpAnswer> SendAsync(string body, string? bearer = null, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = HttpServerProcess.Request(Endpoint, body);
        if (bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        prepare?.Invoke(request);
        using var response = await Client.SendAsync(request);
        return new HttpAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);
    }

    /// <summary>Calls a tool, and takes its answer.</summary>
    public async Task<JsonElement> CallAsync(string tool, JsonObject arguments, string? bearer = null)
    {
        var answer = await SendAsync(Messages.Call(1, tool, arguments), bearer);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Message;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
