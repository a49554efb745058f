using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Embeddings.Remote;
using McpQdrant.Tests.Qdrant;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>A Qdrant server and an embedding provider, on real sockets, and a settings file that names them.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    private Workshop(QdrantStandIn qdrant, ProviderStandIn provider, StrongBox fault) => (Qdrant, Provider, _fault) = (qdrant, provider, fault);

    private readonly StrongBox _fault;

    public QdrantStandIn Qdrant { get; }

    public ProviderStandIn Provider { get; }

    /// <summary>Looks at each request to Qdrant first, and says whether it has dealt with it.</summary>
    public Func<HttpContext, Task<bool>>? Before
    {
        set => _fault.Value = value;
    }

    /// <summary>What the settings file adds or changes.</summary>
    public JsonObject Settings { get; } = [];

    public static async Task<Workshop> OpenAsync()
    {
        var fault = new StrongBox();
        var qdrant = await QdrantStandIn.StartAsync(
            new QdrantStandInOptions { Before = context => fault.Value?.Invoke(context) ?? Task.FromResult(false) }, TestContext.Current.CancellationToken);
        return new Workshop(qdrant, await ProviderStandIn.StartAsync(), fault);
    }

    /// <summary>The next commands use the embedded store in a folder; null for Qdrant again.</summary>
    public void UseFolder(string? folder)
    {
        Settings.Remove("QDRANT_URL");
        Settings.Remove("QDRANT_LOCAL_PATH");
        if (folder is null)
            return;

        Settings["QDRANT_URL"] = null;
        Settings["QDRANT_LOCAL_PATH"] = folder;
    }

    public Task<CommandRun> RunAsync(Command command, params string[] arguments) => RunAsync(command, arguments, TestContext.Current.CancellationToken);

    public Task<CommandRun> RunAsync(Command command, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var settings = new JsonObject
        {
            ["QDRANT_URL"] = Qdrant.Url.AbsoluteUri,
            ["EMBEDDING_PROVIDER"] = "openai",
            ["EMBEDDING_URL"] = Provider.OpenAIOptions.Url!.AbsoluteUri,
            ["EMBEDDING_MODEL"] = Provider.OpenAIOptions.Model,
        };
        foreach (var (name, value) in Settings)
        {
            if (value is null)
                settings.Remove(name);
            else
                settings[name] = value.DeepClone();
        }
        return CommandRun.OfAsync(command, [.. arguments, "--settings", _folder.Write("settings.json", settings.ToJsonString())], cancellationToken);
    }

    /// <summary>Sends a request to Qdrant as another program would.</summary>
    /// <returns>What is below <c>result</c>.</returns>
    public async Task<JsonElement> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Qdrant.Url, path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("result");
    }

    /// <summary>Makes a collection as the Python server does, with memories numbered from 1.</summary>
    /// <param name="texts">The text of each.</param>
    public async Task WriteAsync(string collection, string vector, IReadOnlyList<string> texts, int firstId = 1)
    {
        if (firstId == 1)
            await SendAsync("PUT", $"collections/{collection}", $$$"""{"vectors":{"{{{vector}}}":{"size":3,"distance":"Cosine"} } }""");
        var points = texts.Select((text, i) => (JsonNode)new JsonObject
        {
            ["id"] = firstId + i,
            ["vector"] = new JsonObject { [vector] = new JsonArray(1, firstId + i, 0.25) },
            ["payload"] = new JsonObject { ["document"] = text, ["metadata"] = new JsonObject { ["number"] = firstId + i } },
        });
        await SendAsync("PUT", $"collections/{collection}/points?wait=true", new JsonObject { ["points"] = new JsonArray([.. points]) }.ToJsonString());
    }

    /// <summary>All points of a collection, with what they hold.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadAsync(string collection)
    {
        var page = await SendAsync("POST", $"collections/{collection}/points/scroll", """{"limit":10000,"with_payload":true,"with_vector":true}""");
        return [.. page.GetProperty("points").EnumerateArray()];
    }

    public async ValueTask DisposeAsync()
    {
        await Qdrant.DisposeAsync();
        await Provider.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private sealed class StrongBox
    {
        public Func<HttpContext, Task<bool>>? Value { get; set; }
    }
}
