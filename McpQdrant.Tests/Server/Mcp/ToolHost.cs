using System.IO.Pipelines;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.Ports;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Mcp.Stdio;
using McpQdrant.Tests.Qdrant;
using McpQdrant.Tests.Server.Configuration;
using McpQdrant.Tests.Server.Observability;
using McpQdrant.Tests.Stores.Qdrant;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using NJsonSchema;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>A server in this process as its settings compose it, with the tiny model and memories in memory, and an MCP client at its other end.</summary>
/// <remarks>Every structured answer is held against the tool's output schema.</remarks>
internal sealed class ToolHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Pipe _requests = new();
    private readonly Pipe _answers = new();
    private readonly Task _serving;
    private Dictionary<string, JsonSchema>? _outputs;

    private ToolHost(IHost host, FakeTimeProvider clock)
    {
        (_host, Clock) = (host, clock);
        var options = new StdioOptions { MaxLineBytes = 1024 * 1024, DrainTimeout = TimeSpan.FromSeconds(10) };
        _serving = Task.Run(() => StdioServer.RunAsync(host.Services, _requests.Reader.AsStream(), _answers.Writer.AsStream(), options, CancellationToken.None));
    }

    public McpClient Client { get; private set; } = null!;

    public FakeTimeProvider Clock { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<ToolHost> StartAsync(params (string Name, string Text)[] settings) => StartAsync(qdrant: null, settings);

    /// <param name="qdrant">Keeps the memories; null for the embedded store.</param>
    public static Task<ToolHost> StartAsync(StandInHandler? qdrant, params (string Name, string Text)[] settings) => StartAsync(qdrant, client: null, settings);

    /// <param name="client">What the client can do; null for what every client can.</param>
    public static async Task<ToolHost> StartAsync(StandInHandler? qdrant, McpClientOptions? client, params (string Name, string Text)[] settings)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddMemoryServer(
            Load.Environment([.. settings.Concat([("QDRANT_LOCAL_PATH", ":memory:"), ("EMBEDDING_MODEL_PATH", Watched.TinyModel)]).DistinctBy(setting => setting.Item1)]), Caller.Local);
        builder.Services.AddSingleton<TimeProvider>(clock);
        if (qdrant is not null)
        {
            var store = TestStores.Over(qdrant);
            var memories = new UnexpiredMemories(store, store, clock);
            builder.Services.AddSingleton(memories).AddSingleton<IMemoryStore>(new ScopedMemories(memories)).AddSingleton<IChangeLog>(store).AddSingleton<IErasure>(store);
        }

        var host = new ToolHost(builder.Build(), clock);
        await host._host.StartAsync(Token);
        host.Client = await McpClient.CreateAsync(
            new StreamClientTransport(host._requests.Writer.AsStream(), host._answers.Reader.AsStream()), client, cancellationToken: Token);
        return host;
    }

    /// <summary>A service of the server, for what no client can bring about.</summary>
    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task<IReadOnlyDictionary<string, Tool>> ToolsAsync() =>
        (await Client.ListToolsAsync(cancellationToken: Token)).ToDictionary(tool => tool.Name, tool => tool.ProtocolTool);

    /// <param name="arguments">A JSON object.</param>
    public async Task<ToolAnswer> CallAsync(string tool, string arguments)
    {
        var answer = ToolAnswer.Of(await Client.CallToolAsync(
            new CallToolRequestParams { Name = tool, Arguments = JsonElement.Parse(arguments).EnumerateObject().ToDictionary(argument => argument.Name, argument => argument.Value) }, Token));
        if (answer.IsError)
            Assert.Equal(JsonValueKind.Undefined, answer.Structured.ValueKind);
        else
            Assert.Empty((await OutputOfAsync(tool)).Validate(answer.Structured.GetRawText()));
        return answer;
    }

    /// <summary>Calls a tool that must do what it is asked.</summary>
    public async Task<ToolAnswer> DoAsync(string tool, string arguments)
    {
        var answer = await CallAsync(tool, arguments);
        Assert.False(answer.IsError, answer.Text);
        return answer;
    }

    /// <summary>Calls a tool that must refuse.</summary>
    /// <returns>The sentence.</returns>
    public async Task<string> RefusalAsync(string tool, string arguments)
    {
        var answer = await CallAsync(tool, arguments);
        Assert.True(answer.IsError, answer.Text);
        return Assert.Single(answer.Texts);
    }

    /// <returns>The id.</returns>
    public async Task<string> StoreAsync(string text, string metadata = "null", string collection = "notes") =>
        (await DoAsync("qdrant-store", $$"""{"collection_name": "{{collection}}", "information": {{JsonSerializer.Serialize(text)}}, "metadata": {{metadata}}}"""))["id"]!;

    /// <param name="more">Further arguments, starting with a comma.</param>
    public Task<ToolAnswer> FindAsync(string query, string more = "", string collection = "notes") =>
        DoAsync("qdrant-find", $$"""{"collection_name": "{{collection}}", "query": {{JsonSerializer.Serialize(query)}}{{more}}}""");

    public async Task<McpErrorCode> ProtocolErrorAsync(Func<McpClient, Task> call) =>
        (await Assert.ThrowsAsync<McpProtocolException>(() => call(Client))).ErrorCode;

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _requests.Writer.CompleteAsync();
        await _serving;
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private async Task<JsonSchema> OutputOfAsync(string tool)
    {
        if (_outputs is null)
        {
            // Tests may call side by side.
            var outputs = new Dictionary<string, JsonSchema>();
            foreach (var (name, described) in await ToolsAsync())
                outputs[name] = await JsonSchema.FromJsonAsync(described.OutputSchema!.Value.GetRawText(), Token);
            _outputs = outputs;
        }
        return _outputs[tool];
    }
}
