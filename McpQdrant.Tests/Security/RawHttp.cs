using System.Globalization;
using System.Net.Sockets;
using System.Text;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Security;

/// <summary>A bare connection, for requests that no client library would send.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient _connection = new();
    private NetworkStream _stream = null!;

    public static async Task<RawHttp> ConnectAsync(Uri server)
    {
        var raw = new RawHttp();
        await raw._connection.ConnectAsync(server.Host, server.Port);
        raw._stream = raw._connection.GetStream();
        return raw;
    }

    /// <summary>Sends a request that is a text, and takes its answer.</summary>
    public static async Task<RawAnswer> SendAsync(Uri server, string request)
    {
        using var raw = await ConnectAsync(server);
        await raw.WriteAsync(Encoding.UTF8.GetBytes(request));
        return await raw.ReadAnswerAsync();
    }

    /// <summary>A request that posts a message to <c>/mcp</c>.</summary>
    /// <param name="headers">Lines, each with its end; Host among them.</param>
    public static string Post(string headers, string body, string target = "/mcp") =>
        $"POST {target} HTTP/1.1\r\n{headers}Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    /// <returns>False where the server has closed the connection.</returns>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The next answer, interim ones too.</summary>
    public async Task<RawAnswer> ReadAnswerAsync()
    {
        using var patience = new CancellationTokenSource(ServerProcess.Patience);
        var received = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!IsWhole(received.ToString()))
        {
            int read;
            try
            {
                read = await _stream.ReadAsync(buffer, patience.Token);
            }
            catch (IOException)
            {
                break;
            }
            if (read == 0)
                break;
            received.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return RawAnswer.Of(received.ToString());
    }

    public void Dispose() => _connection.Dispose();

    private static bool IsWhole(string received)
    {
        if (received.IndexOf("\r\n\r\n", StringComparison.Ordinal) is not (> 0 and var end))
            return false;

        var (head, body) = (received[..end], received[(end + 4)..]);
        if (RawAnswer.Of(head).Status is 100 or 204)
            return true;
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
            return body.EndsWith("0\r\n\r\n", StringComparison.Ordinal);

        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is not null && Encoding.UTF8.GetByteCount(body) >= int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
