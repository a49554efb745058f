using System.Net;
using System.Text.Json;
using McpQdrant.Core.Memories;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Cli.Remote;

/// <summary>A running server, called as agents call it: so its keys, its policy, its limits and its audit hold for commands too.</summary>
internal sealed class RemoteServer : IAsyncDisposable
{
    private readonly McpClient _client;
    private readonly Uri _address;

    private RemoteServer(McpClient client, Uri address) => (_client, _address) = (client, address);

    /// <exception cref="MemoryException">Nothing answers there, or not as a server of memories.</exception>
    public static async Task<RemoteServer> ConnectAsync(Uri address, string? key, CancellationToken cancellationToken)
    {
        var transport = new HttpClientTransport(new()
        {
            Endpoint = address,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
        });
        try
        {
            return new RemoteServer(await McpClient.CreateAsync(transport, cancellationToken: cancellationToken), address);
        }
        catch (Exception failure) when (Sentence(address, failure) is { } sentence)
        {
            await transport.DisposeAsync();
            throw new MemoryException(sentence, failure);
        }
    }

    /// <returns>What the tool answered as structure.</returns>
    public async Task<JsonElement> CallAsync(string tool, JsonElement arguments, CancellationToken cancellationToken)
    {
        var values = arguments.EnumerateObject().ToDictionary(argument => argument.Name, argument => (object?)argument.Value);
        CallToolResult answer;
        try
        {
            answer = await _client.CallToolAsync(tool, values, cancellationToken: cancellationToken);
        }
        catch (Exception failure) when (Sentence(_address, failure) is { } sentence)
        {
            throw new MemoryException(sentence, failure);
        }

        if (answer.IsError == true)
            throw new MemoryException(string.Join("\n", answer.Content.OfType<TextContentBlock>().Select(block => block.Text)));
        return answer.StructuredContent ?? throw new MemoryException($"What is at {_address} answers {tool}, but not as this program's server does. Is it another server?");
    }

    /// <returns>The text of a resource.</returns>
    public async Task<string> ReadAsync(string uri, CancellationToken cancellationToken)
    {
        try
        {
            return (await _client.ReadResourceAsync(uri, cancellationToken: cancellationToken)).Contents.OfType<TextResourceContents>().Single().Text;
        }
        catch (Exception failure) when (Sentence(_address, failure) is { } sentence)
        {
            throw new MemoryException(sentence, failure);
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    /// <returns>Null for what is no fault of the server or the way to it.</returns>
    private static string? Sentence(Uri address, Exception failure) => failure switch
    {
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } => $"The server at {address} wants a key, or another one. Name a file that has it: --key-file FILE.",
        HttpRequestException { StatusCode: HttpStatusCode.Forbidden } => $"The server at {address} refuses this caller or this host name. Its audit log says why.",
        HttpRequestException { StatusCode: { } status } => $"The server at {address} answered {(int)status}. Is it the address of an MCP endpoint, such as http://localhost:8000/mcp?",
        HttpRequestException => $"Nothing answers at {address}: {failure.Message} Start the server, or name another address.",
        McpProtocolException => failure.Message,
        McpException or TimeoutException or IOException => $"The server at {address} doesn't answer as it should: {failure.Message}",
        _ => null,
    };
}
