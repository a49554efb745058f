using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Memories.Mcp;

/// <summary>A connection that is made when it is needed first, and anew where it broke.</summary>
internal sealed class ServerConnection(McpQdrantClientSettings settings, ILoggerFactory? loggers) : IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private ServerSession? _session;
    private bool _disposed;

    /// <summary>What people call the server.</summary>
    public string ServerName => settings.Endpoint?.GetLeftPart(UriPartial.Path) ?? settings.Command!;

    /// <param name="call">Sends a request.</param>
    /// <param name="isRepeatable">Whether it may be sent again where nobody knows what became of it.</param>
    /// <param name="cancellationToken">Cancels the call and its retries.</param>
    public async Task<T> CallAsync<T>(Func<ServerSession, CancellationToken, Task<T>> call, bool isRepeatable, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(IMemories));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.Timeout);
        for (var attempt = 0; ; attempt++)
        {
            ServerSession? session = null;
            try
            {
                session = await ConnectAsync(limit.Token);
                return await call(session, limit.Token);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && !_disposed && ServerFailures.IsOfConnection(failure))
            {
                if (session is not null && !ServerFailures.IsBusy(failure))
                    await DropAsync(session);
                var mayRepeat = session is null || isRepeatable || ServerFailures.IsBusy(failure);
                if (limit.IsCancellationRequested || attempt >= settings.MaxRetries || !mayRepeat || !ServerFailures.IsPassing(failure))
                    throw ServerFailures.Translate(failure, ServerName, limit.IsCancellationRequested ? settings.Timeout : null);
            }
            await WaitAsync(FirstWait * Math.Pow(2, attempt), cancellationToken, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        // The gate stays: a call that just waits for it finds that it is over.
        await _gate.WaitAsync();
        try
        {
            if (_session is { } session)
                await session.DisposeAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken callers, CancellationToken limit)
    {
        try
        {
            await Task.Delay(wait * (0.5 + Random.Shared.NextDouble()), limit);
        }
        catch (OperationCanceledException) when (!callers.IsCancellationRequested)
        {
            throw ServerFailures.TooLong(ServerName, settings.Timeout);
        }
    }

    private async Task<ServerSession> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_session is { } connected)
            return connected;

        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(IMemories));
            return _session ??= await ServerSession.OpenAsync(settings, ServerName, loggers, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task DropAsync(ServerSession broken)
    {
        await _gate.WaitAsync();
        try
        {
            if (_session == broken)
                _session = null;
        }
        finally
        {
            _gate.Release();
        }
        await broken.DisposeAsync();
    }
}

/// <summary>A client that is connected, and what the server offers it.</summary>
internal sealed class ServerSession(McpClient client, IReadOnlyDictionary<string, Tool> tools, string serverName) : IAsyncDisposable
{
    public McpClient Client => client;

    /// <exception cref="ServerVersionException">It is another server, or one of another version.</exception>
    public static async Task<ServerSession> OpenAsync(McpQdrantClientSettings settings, string serverName, ILoggerFactory? loggers, CancellationToken cancellationToken)
    {
        var client = await McpClient.CreateAsync(
            TransportOf(settings, loggers),
            new McpClientOptions { ClientInfo = new Implementation { Name = "McpQdrant.Client", Version = ServerFailures.ClientVersion }, InitializationTimeout = settings.Timeout },
            loggers,
            cancellationToken);
        try
        {
            var tools = (await client.ListToolsAsync(cancellationToken: cancellationToken)).ToDictionary(tool => tool.Name, tool => tool.ProtocolTool, StringComparer.Ordinal);
            RequireKnown(client, tools, serverName);
            return new ServerSession(client, tools, serverName);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public bool Offers(string tool) => tools.ContainsKey(tool);

    /// <summary>Whether a tool has an argument in this server's configuration.</summary>
    public bool Takes(string tool, string argument) =>
        tools.TryGetValue(tool, out var offered) && offered.InputSchema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(argument, out _);

    /// <summary>Calls a tool, and gives its structured answer.</summary>
    /// <exception cref="MemoriesException">The server refused; the sentence is its own.</exception>
    public async Task<JsonElement> CallAsync(string tool, Dictionary<string, JsonElement> arguments, CancellationToken cancellationToken)
    {
        if (!Offers(tool))
        {
            throw tool == ToolNames.Undo
                ? new NotSupportedException($"The server {serverName} doesn't offer qdrant-undo. Its operator can name it in MCP_TOOLS.")
                : new MemoryAccessException($"The server {serverName} offers no {tool} to this caller: the server is read-only or offers other tools only, or the key lacks the right. Ask its operator.");
        }

        var result = await client.CallToolAsync(new CallToolRequestParams { Name = tool, Arguments = arguments }, cancellationToken);
        if (result.IsError == true)
            throw ServerFailures.Of(result);
        return result.StructuredContent is { ValueKind: JsonValueKind.Object } answer ? answer : throw Version(client, serverName, $"its {tool} gives no structured answer");
    }

    public ServerVersionException OtherVersion(string reason) => Version(client, serverName, reason);

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static IClientTransport TransportOf(McpQdrantClientSettings settings, ILoggerFactory? loggers)
    {
        if (settings.Command is { } command)
        {
            return new StdioClientTransport(
                new StdioClientTransportOptions
                {
                    Name = "McpQdrant",
                    Command = command,
                    Arguments = [.. settings.Arguments],
                    EnvironmentVariables = new Dictionary<string, string?>(settings.Environment),
                },
                loggers);
        }

        // What is sent, and its key, is for the address that was given.
        HttpMessageHandler handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (settings.Token is not null || settings.Key is not null)
            handler = new BearerHandler(settings) { InnerHandler = handler };
        return new HttpClientTransport(
            new HttpClientTransportOptions { Name = "McpQdrant", Endpoint = settings.Endpoint!, TransportMode = HttpTransportMode.StreamableHttp },
            new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan },
            loggers,
            ownsHttpClient: true);
    }

    private static void RequireKnown(McpClient client, Dictionary<string, Tool> tools, string serverName)
    {
        if (tools.Keys.All(name => !name.StartsWith("qdrant-", StringComparison.Ordinal)))
            throw Version(client, serverName, "it has none of the tools of a memory, or none for this caller");
        foreach (var tool in (Tool[])[.. tools.Values.Where(tool => ToolNames.All.Contains(tool.Name, StringComparer.Ordinal))])
        {
            if (tool.OutputSchema is not { } schema || !schema.TryGetProperty("properties", out var properties) || !properties.TryGetProperty("note", out _))
                throw Version(client, serverName, $"its {tool.Name} gives no structured answer");
        }
    }

    private static ServerVersionException Version(McpClient client, string serverName, string reason) => new(
        $"The server {serverName} is {client.ServerInfo?.Name ?? "unknown"} {client.ServerInfo?.Version}, and {reason}. This client is of version {ServerFailures.ClientVersion}; use a mcp-server-qdrant of the same major version.");

    /// <summary>Sends the key, or asks for a token for each request.</summary>
    private sealed class BearerHandler(McpQdrantClientSettings settings) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new("Bearer", settings.Token is { } token ? await token(cancellationToken) : settings.Key);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}

internal static class ToolNames
{
    public const string Store = "qdrant-store";
    public const string Find = "qdrant-find";
    public const string Update = "qdrant-update";
    public const string Forget = "qdrant-forget";
    public const string Collections = "qdrant-collections";
    public const string Undo = "qdrant-undo";

    public static readonly string[] All = [Store, Find, Update, Forget, Collections, Undo];
}
