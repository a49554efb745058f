using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace McpQdrant.Tests.Protocol;

/// <summary>The real binary, listening on a free port.</summary>
public sealed class HttpServerProcess : IAsyncDisposable
{
    private HttpServerProcess(ServerProcess process, Uri address) => (Process, Address) = (process, address);

    public ServerProcess Process { get; }

    /// <summary>Where MCP is served.</summary>
    public Uri Address { get; }

    public HttpClient Client { get; } = new() { Timeout = ServerProcess.Patience };

    public static async Task<HttpServerProcess> StartAsync(IReadOnlyDictionary<string, string?> environment, string transport = "http")
    {
        var process = ServerProcess.Start(["--transport", transport, "--port", "0"], environment);
        while (await process.ReadLineAsync() is { } line)
        {
            if (line.IndexOf("http://", StringComparison.Ordinal) is var at and >= 0)
                return new HttpServerProcess(process, new Uri(line[at..].Split(' ', '"')[0]));
        }
        await process.WaitForExitAsync();
        throw new InvalidOperationException($"The server ended before it listened: {process.Errors}");
    }

    public static HttpRequestMessage Request(Uri address, string body) => new(HttpMethod.Post, address)
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
        Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/json"), new MediaTypeWithQualityHeaderValue("text/event-stream") } },
    };

    /// <summary>Sends a message; the reply comes as an event stream of one message.</summary>
    public async Task<JsonElement> CallAsync(string body, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = Request(Address, body);
        prepare?.Invoke(request);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.EnsureSuccessStatusCode();
        return JsonElement.Parse(text.Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..]);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }
}
