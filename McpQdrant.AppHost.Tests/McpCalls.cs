using System.Net;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpQdrant.AppHost.Tests;

/// <summary>What an agent does with the server, by the official client.</summary>
internal static class McpCalls
{
    private const string Text = "The staging cluster is called Heron.";

    public static Task<McpClient> ConnectAsync(string url, CancellationToken cancellationToken) =>
        McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(url) }), cancellationToken: cancellationToken);

    /// <summary>Stores a memory and finds it by a question.</summary>
    public static async Task StoreAndFindAsync(this McpClient client, CancellationToken cancellationToken)
    {
        var stored = await client.CallToolAsync("qdrant-store", Arguments("information", Text), cancellationToken: cancellationToken);

        Assert.Contains($"Remembered: {Text}", Succeeded(stored), StringComparison.Ordinal);
        await client.FindAsync(cancellationToken);
    }

    /// <summary>Finds what <see cref="StoreAndFindAsync"/> stored.</summary>
    public static async Task FindAsync(this McpClient client, CancellationToken cancellationToken) =>
        Assert.Contains(Text, Succeeded(await client.AskAsync(cancellationToken)), StringComparison.Ordinal);

    public static async Task<CallToolResult> AskAsync(this McpClient client, CancellationToken cancellationToken) =>
        await client.CallToolAsync("qdrant-find", Arguments("query", "What is the name of the staging cluster?"), cancellationToken: cancellationToken);

    public static string AllText(this CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private static string Succeeded(CallToolResult result)
    {
        Assert.False(result.IsError is true, result.AllText());
        return result.AllText();
    }

    private static Dictionary<string, object?> Arguments(string name, string value) => new() { [name] = value, ["collection_name"] = "notes" };

    /// <summary>Waits until something answers with success.</summary>
    /// <returns>The address that answered, after all redirections.</returns>
    public static async Task<Uri> WaitForAnswerAsync(this HttpClient client, string url, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(url, cancellationToken);
                if (response.StatusCode == HttpStatusCode.OK)
                    return response.RequestMessage!.RequestUri!;
            }
            catch (HttpRequestException)
            {
                // It doesn't listen yet.
            }

            await Task.Delay(100, cancellationToken);
        }
    }
}
