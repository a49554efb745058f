using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Containers;

/// <summary>
/// A server that runs somewhere else, as the compose test files run its image beside Qdrant: <c>MCP_TEST_URL</c> is where,
/// <c>MCP_TEST_API_KEY_FILE</c> has the key. Without them nothing runs.
/// </summary>
public sealed class ServerImageTests
{
    public static string? Url => Environment.GetEnvironmentVariable("MCP_TEST_URL");

    public static bool HasServer => Url is not null;

    [Fact(Skip = "MCP_TEST_URL names no server.", SkipUnless = nameof(HasServer))]
    public async Task What_is_stored_is_found()
    {
        await using var client = await ConnectAsync();
        var secret = Guid.NewGuid().ToString("N");

        await CallAsync(client, "qdrant-store", new() { ["information"] = $"The gate's code is {secret}.", ["collection_name"] = "containers" });
        var found = await CallAsync(client, "qdrant-find", new() { ["query"] = $"What is the gate's code? {secret}", ["collection_name"] = "containers" });

        Assert.Contains(found.Content.OfType<TextContentBlock>(), item => item.Text.Contains(secret, StringComparison.Ordinal));
    }

    [Fact(Skip = "MCP_TEST_URL names no server.", SkipUnless = nameof(HasServer))]
    public async Task A_wrong_key_is_refused()
    {
        await WaitUntilHealthyAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Headers = { { "Authorization", "Bearer wrong" } } };

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task<string> KeyAsync() =>
        (await File.ReadAllTextAsync(Environment.GetEnvironmentVariable("MCP_TEST_API_KEY_FILE")!, TestContext.Current.CancellationToken)).Trim();

    private static async Task<McpClient> ConnectAsync()
    {
        // The server makes the key before it is healthy.
        await WaitUntilHealthyAsync();
        var key = await KeyAsync();
        return await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = new Uri(Url!),
                AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
            }),
            cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Compose waits for health itself, but not with Podman before 4.6.</summary>
    private static async Task WaitUntilHealthyAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Url!) };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await IsHealthyAsync(http, patience.Token))
            await Task.Delay(200, patience.Token);
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync("/health", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: TestContext.Current.CancellationToken);

        Assert.False(result.IsError is true, string.Join(' ', result.Content.OfType<TextContentBlock>().Select(item => item.Text)));
        return result;
    }
}
