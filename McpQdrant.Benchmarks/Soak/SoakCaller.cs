using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace McpQdrant.Benchmarks.Soak;

/// <summary>One of the callers, with a key and a collection of its own. A call that is answered by an error throws.</summary>
internal sealed class SoakCaller(HttpClient http, Uri address, string key, int number)
{
    private static readonly string[] Words = ["deployment", "database", "invoice", "holiday", "password", "printer", "meeting", "recipe", "garden", "compiler"];
    private int _id;

    public Uri Address { get; } = address;

    public string Collection { get; } = $"soak-{number % 10}";

    /// <returns>The path of an access file, and the keys of its callers.</returns>
    public static (string Path, string[] Keys) MakeKeys(int callers)
    {
        var keys = Enumerable.Range(0, callers).Select(_ => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))).ToArray();
        var entries = keys.Select((key, number) => new
        {
            name = $"caller-{number}",
            sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            collections = (string[])["*"],
            read = true,
            write = true,
            forget = true,
        });
        var path = Path.Combine(ServerUnderTest.FreshFolder(), "access.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new { callers = entries }));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (path, keys);
    }

    public Task StoreAsync(int i, CancellationToken cancellationToken) =>
        SucceedAsync("qdrant-store", new { information = $"Note {i} of caller {number} about the {Words[i % 10]} and the {Words[i / 10 % 10]}", collection_name = Collection }, cancellationToken);

    public Task FindAsync(int i, CancellationToken cancellationToken) =>
        SucceedAsync("qdrant-find", new { query = $"What was said about the {Words[(i + number) % 10]}, part {i}?", collection_name = Collection }, cancellationToken);

    /// <exception cref="InvalidOperationException">The call failed, or the tool did.</exception>
    public async Task SucceedAsync(string tool, object arguments, CancellationToken cancellationToken)
    {
        using var response = await CallAsync("tools/call", new { name = tool, arguments }, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode || body.Contains("\"isError\":true", StringComparison.Ordinal) || body.Contains("\"error\":", StringComparison.Ordinal))
            throw new InvalidOperationException($"{tool}: {(int)response.StatusCode} {body[..Math.Min(body.Length, 500)]}");
    }

    public Task<HttpResponseMessage> CallAsync(string method, object parameters, CancellationToken cancellationToken) =>
        SendAsync(JsonContent.Create(new { jsonrpc = "2.0", id = Interlocked.Increment(ref _id), method, @params = parameters }), cancellationToken);

    public async Task<HttpResponseMessage> SendAsync(HttpContent body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = body };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("Authorization", $"Bearer {key}");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        return await http.SendAsync(request, cancellationToken);
    }
}
