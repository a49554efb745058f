using System.Net.Sockets;
using System.Text;

namespace McpQdrant.Benchmarks.Soak;

/// <summary>
/// Calls that once hindered everybody else: heavy filters, unknown words, large memories and metadata, new collections, connections that are dropped or
/// have no key, requests that are given up. What they are answered doesn't matter here.
/// </summary>
internal static class SoakPoison
{
    private const string Large = "soak-large";

    private static readonly Func<SoakCaller, int, CancellationToken, Task>[] Kinds =
    [
        (caller, _, stop) => AnyAnswerAsync(caller, "qdrant-find", new { query = "note", collection_name = Large, query_filter = HeavyFilter() }, stop),
        (caller, _, stop) => AnyAnswerAsync(caller, "qdrant-forget", new { collection_name = Large, filter = HeavyFilter() }, stop),
        (caller, i, stop) => AnyAnswerAsync(caller, "qdrant-find", new { query = UnknownWords(i, 1 << 20), collection_name = caller.Collection }, stop),
        (caller, i, stop) => AnyAnswerAsync(caller, "qdrant-store", new { information = $"note {i}", metadata = new { much = new string('m', 12 << 20) }, collection_name = Large }, stop),
        (caller, _, stop) => AnyAnswerAsync(caller, "qdrant-find", new { query = "word", collection_name = Large }, stop),
        (caller, _, stop) => AnyAnswerAsync(caller, "qdrant-forget", new { collection_name = Large, filter = new { } }, stop),
        async (caller, _, stop) => (await caller.CallAsync("resources/read", new { uri = $"memory://{Large}" }, stop)).Dispose(),
        (caller, i, stop) => AnyAnswerAsync(caller, "qdrant-store", new { information = $"note {i}", collection_name = $"soak-new-{i}" }, stop),
        (caller, i, stop) => AnyAnswerAsync(caller, "qdrant-find", new { query = "note", collection_name = $"soak-unknown-{i}" }, stop),
        (caller, _, stop) => DroppedAsync(caller.Address, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", stop),
        (caller, _, stop) => DroppedAsync(caller.Address, "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{", stop),
        (caller, _, stop) => WithoutKeyAsync(caller.Address, 50, stop),
        GivenUpAsync,
        async (caller, _, stop) => (await caller.SendAsync(new ByteArrayContent([0xEF, 0xBB, 0xBF, 0x7B, 0xFF]), stop)).Dispose(),
    ];

    private static int _next = -1;

    /// <summary>Memories that are large, and many values to go through.</summary>
    public static async Task PrepareAsync(SoakCaller caller, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 10; i++)
            await caller.SucceedAsync("qdrant-store", new { information = UnknownWords(i, 200_000), collection_name = Large }, cancellationToken);
        for (var i = 0; i < 1000; i++)
        {
            var nest = Enumerable.Range(0, 20).Select(_ => new { b = Enumerable.Range(0, 20).Select(n => new { c = n + i }) });
            await caller.SucceedAsync("qdrant-store", new { information = $"note {i}", metadata = new { nest }, collection_name = Large }, cancellationToken);
        }
    }

    /// <summary>One kind after the other.</summary>
    public static Task CallNextAsync(SoakCaller caller, CancellationToken cancellationToken)
    {
        var i = Interlocked.Increment(ref _next);
        return Kinds[i % Kinds.Length](caller, i, cancellationToken);
    }

    private static object HeavyFilter() =>
        new { should = Enumerable.Range(1, 900).Select(n => new { key = "metadata.nest[].b[].c", match = new { value = -n } }) };

    private static string UnknownWords(int seed, int length)
    {
        var random = new Random(seed);
        var text = new StringBuilder(length + 16);
        while (text.Length < length)
            text.Append("word").Append(random.Next()).Append(' ');
        return text.ToString();
    }

    private static async Task AnyAnswerAsync(SoakCaller caller, string tool, object arguments, CancellationToken cancellationToken) =>
        (await caller.CallAsync("tools/call", new { name = tool, arguments }, cancellationToken)).Dispose();

    private static async Task DroppedAsync(Uri address, string text, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
        client.LingerState = new LingerOption(true, 0);   // closes by a reset
    }

    private static async Task WithoutKeyAsync(Uri address, int connections, CancellationToken cancellationToken)
    {
        var clients = Enumerable.Range(0, connections).Select(_ => new TcpClient()).ToArray();
        try
        {
            foreach (var client in clients)
                await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    }

    private static async Task GivenUpAsync(SoakCaller caller, int i, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMilliseconds(5));
        try
        {
            await AnyAnswerAsync(caller, "qdrant-find", new { query = UnknownWords(i, 100_000), collection_name = Large }, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Given up, as intended.
        }
    }
}
