using McpQdrant.Memories;
using McpQdrant.Tests.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.DotNet;

/// <summary>The memories of the real server, by its tools and resources.</summary>
public abstract class ClientContract : MemoriesContract
{
    private readonly TemporaryFolder _folder = new();
    private ServiceProvider? _services;

    protected override bool ReadsHistory => false;

    protected override bool Transfers => false;

    protected override bool PreviewsUndo => false;

    protected Dictionary<string, string?> Environment => new()
    {
        ["QDRANT_LOCAL_PATH"] = _folder.Path,
        ["QDRANT_ALLOW_ARBITRARY_FILTER"] = "true",
        ["MCP_TOOLS"] = "store,find,update,forget,collections,undo",
    };

    protected abstract Task ConfigureAsync(McpQdrantClientSettings client);

    protected override async Task<IMemories> OpenAsync()
    {
        var settings = new McpQdrantClientSettings();
        await ConfigureAsync(settings);
        _services = new ServiceCollection().AddMcpQdrantClient(client =>
        {
            (client.Endpoint, client.Key, client.Command) = (settings.Endpoint, settings.Key, settings.Command);
            foreach (var argument in settings.Arguments)
                client.Arguments.Add(argument);
            foreach (var (name, value) in settings.Environment)
                client.Environment[name] = value;
        }).BuildServiceProvider();
        return _services.GetRequiredService<IMemories>();
    }

    protected override async ValueTask CloseAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Over HTTP, with a key.</summary>
public sealed class HttpClientContract : ClientContract
{
    private HttpServerProcess? _server;

    protected override async Task ConfigureAsync(McpQdrantClientSettings client)
    {
        _server = await HttpServerProcess.StartAsync(new Dictionary<string, string?>(Environment) { ["MCP_API_KEY"] = "a-key-of-the-contract" });
        (client.Endpoint, client.Key) = (_server.Address, "a-key-of-the-contract");
    }

    protected override async ValueTask CloseAsync()
    {
        await base.CloseAsync();
        if (Interlocked.Exchange(ref _server, null) is { } server)
            await server.DisposeAsync();
    }
}

/// <summary>A program that the client starts.</summary>
public sealed class StdioClientContract : ClientContract
{
    protected override Task ConfigureAsync(McpQdrantClientSettings client)
    {
        client.Command = ServerProcess.Binary;
        foreach (var (name, value) in ServerEnvironment.Of(Environment))
            client.Environment[name] = value;
        return Task.CompletedTask;
    }
}
