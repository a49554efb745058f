using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Memories.Mcp;

/// <summary>What goes wrong between the client and the server, in sentences.</summary>
internal static class ServerFailures
{
    /// <summary>In the <c>_meta</c> of a result that is an error: which kind of failure it is. Servers of older versions don't say it.</summary>
    private const string KindKey = "mcp-server-qdrant/failure";

    private const string RemotePrefix = "Request failed (remote): ";

    /// <summary>How the server begins to say that something isn't there.</summary>
    private const string Absent = "There is no ";

    public static readonly string ClientVersion =
        typeof(ServerFailures).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Whether the call may have failed on its way, and not by what was asked.</summary>
    public static bool IsOfConnection(Exception failure) =>
        failure is HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException or Win32Exception or FileNotFoundException or ObjectDisposedException
        || failure is McpException and not McpProtocolException || failure is InvalidOperationException;

    /// <summary>Whether the server did not take the request, and will later.</summary>
    public static bool IsBusy(Exception failure) => StatusOf(failure) is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    /// <summary>Whether it may be otherwise in a moment.</summary>
    public static bool IsPassing(Exception failure) => failure is not OperationCanceledException && !IsOfProgram(failure)
        && StatusOf(failure) is null or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.InternalServerError;

    /// <param name="failure">A failure of the connection.</param>
    /// <param name="server">What people call the server.</param>
    /// <param name="timeout">How long the call took; null where it failed before.</param>
    public static MemoriesException Translate(Exception failure, string server, TimeSpan? timeout) => StatusOf(failure) switch
    {
        HttpStatusCode.Unauthorized => new MemoryAccessException($"The server {server} wants to know who calls, and took no key or token of this client. Give its Key, or a Token.", failure),
        HttpStatusCode.Forbidden => new MemoryAccessException($"The server {server} doesn't let this caller do this. Ask its operator for the right.", failure),
        HttpStatusCode.TooManyRequests => new MemoriesUnavailableException($"The server {server} gets too many requests of this caller. Try again later.", failure),
        HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotAcceptable => new MemoriesUnavailableException($"At {server} no MCP server answers. Check the address; it usually ends with /mcp.", failure),
        { } status => new MemoriesUnavailableException($"The server {server} answered with HTTP {(int)status}. Its log says more; try again later.", failure),
        null when timeout is { } time => TooLong(server, time, failure),
        null when IsOfProgram(failure) =>
            new MemoriesUnavailableException($"The program {server} can't be started. Check that it is there and may be executed.", failure),
        null => new MemoriesUnavailableException($"The server {server} can't be reached, or broke off. Check that it runs and that the address is right. ({failure.GetBaseException().Message.TrimEnd('.')}.)", failure),
    };

    public static MemoriesUnavailableException TooLong(string server, TimeSpan time, Exception? failure = null) =>
        new($"The server {server} did not answer within {time.TotalSeconds:0.#} s. Try again, or give the client a longer Timeout.", failure);

    /// <summary>A tool's refusal, in its own words.</summary>
    public static MemoriesException Of(CallToolResult refusal)
    {
        var sentence = string.Join(' ', refusal.Content.OfType<TextContentBlock>().Select(text => text.Text));
        return refusal.Meta?[KindKey]?.GetValue<string>() switch
        {
            "not_found" => new MemoryNotFoundException(sentence),
            "denied" => new MemoryAccessException(sentence),
            "unavailable" => new MemoriesUnavailableException(sentence),
            _ => new MemoriesException(sentence),
        };
    }

    /// <summary>A refusal of a request that is no call of a tool.</summary>
    /// <returns>A <see cref="MemoryNotFoundException"/> where what was asked for isn't there.</returns>
    public static MemoriesException Of(McpProtocolException refusal)
    {
        var sentence = refusal.Message.StartsWith(RemotePrefix, StringComparison.Ordinal) ? refusal.Message[RemotePrefix.Length..] : refusal.Message;
        return refusal.ErrorCode == McpErrorCode.ResourceNotFound && sentence.StartsWith(Absent, StringComparison.Ordinal)
            ? new MemoryNotFoundException(sentence, refusal)
            : new MemoriesException(sentence, refusal);
    }

    /// <summary>Whether the program can't be started. A failure of a socket is of the same type.</summary>
    private static bool IsOfProgram(Exception failure) =>
        failure is Win32Exception and not SocketException or FileNotFoundException || failure.InnerException is Win32Exception and not SocketException or FileNotFoundException;

    private static HttpStatusCode? StatusOf(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException { StatusCode: { } status })
                return status;
            if (cause is ClientTransportClosedException { Details: HttpClientCompletionDetails { HttpStatusCode: { } closed } })
                return closed;
        }
        return null;
    }
}
