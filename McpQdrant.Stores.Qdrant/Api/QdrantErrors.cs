using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>Turns what Qdrant refuses, and what keeps it from answering, into sentences: what was wrong, and what to do.</summary>
internal sealed class QdrantErrors(QdrantOptions options, bool isInContainer)
{
    private string Server => $"Qdrant at {string.Join(" or ", options.Addresses.Select(address => address.GetLeftPart(UriPartial.Path).TrimEnd('/')))}";

    public static QdrantErrors For(QdrantOptions options) =>
        new(options, Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1");

    /// <summary>An answer that says no.</summary>
    public MemoryException Refused(HttpStatusCode status, ReadOnlySpan<byte> body, QdrantRequest request)
    {
        var reason = ReasonOf(body);
        var (sentence, isStale) = QdrantErrorTable.Look(new QdrantError(Server, status, reason, request, options.ApiKey is not null));
        if (isStale)
            return new StaleCollectionException(sentence);

        return new QdrantRefusal(sentence, status, reason)
        {
            IsOutage = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or >= HttpStatusCode.InternalServerError,
        };
    }

    /// <summary>An answer that no Qdrant gives.</summary>
    public MemoryException NotQdrant() =>
        new($"{Server} answers, but not as Qdrant's REST API does. Check the address: its port (REST is 6333), and the path where a proxy is in front.") { IsOutage = true };

    /// <summary>A write that was taken, and isn't done.</summary>
    /// <param name="status">Qdrant's word for what became of it.</param>
    public MemoryException NotCompleted(string status) => new(status switch
    {
        "acknowledged" or "wait_timeout" =>
            $"{Server} has taken the write but not completed it in time ({status}), so it may or may not take effect. Try again; doing the same thing again is safe.",
        "clock_rejected" => $"{Server} refused the write, since a newer one was there ({status}). Try again.",
        _ => $"{Server} doesn't say that the write is completed, but '{(status.Length > 50 ? status[..50] : status)}'. Look whether it took effect, then try again.",
    })
    { IsOutage = true };

    public MemoryException TooSlow() =>
        new($"{Server} did not answer within {options.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s. " +
            "Try again; storing the same thing again is safe. If it stays so, look at the server's load, or raise QDRANT_TIMEOUT.")
        { IsOutage = true };

    /// <summary>No answer at all.</summary>
    public MemoryException Unreachable(HttpRequestException failure)
    {
        var what = failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError when options.OtherUrls.Count > 0 => $"can't be reached: {Innermost(failure)} Check the addresses.",
            HttpRequestError.NameResolutionError => $"can't be reached: the name '{options.Url.Host}' is unknown. Check the address.",
            HttpRequestError.SecureConnectionError => $"can't be reached by TLS: {Innermost(failure)} Where the server speaks plain HTTP, " +
                "write http:// in the address; where its certificate is signed by an authority of your own, set QDRANT_CA_FILE.",
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError =>
                $"answers something that isn't HTTP.{GrpcHint}",
            HttpRequestError.ConnectionError =>
                $"can't be reached: {Innermost(failure)} Check that it runs and that the address is right.{ContainerHint}",
            _ => $"broke the connection before it had answered: {Innermost(failure)} It may be restarting; try again, storing the same thing " +
                $"again is safe.{GrpcHint}",
        };
        return new MemoryException($"{Server} {what}", failure) { IsOutage = true };
    }

    /// <summary>The gRPC port answers HTTP with a frame of its own and a reset.</summary>
    private string GrpcHint => options.Url.Port == QdrantOptions.RestPort
        ? ""
        : $" If {options.Url.Port} is Qdrant's gRPC port, give the one of the REST API, by default {QdrantOptions.RestPort}.";

    private string ContainerHint => isInContainer && options.Url.IsLoopback
        ? $" This server runs in a container, where {options.Url.Host} is the container itself: use the name of Qdrant's container, or host.docker.internal."
        : "";

    private static string ReasonOf(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return "";

        try
        {
            var answer = JsonElement.Parse(body, QdrantJson.Deep);
            return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("status", out var status)
                && status.ValueKind == JsonValueKind.Object && status.TryGetProperty("error", out var error)
                    ? error.ToString()
                    : "";
        }
        catch (JsonException)
        {
            // Authentication is refused in plain text; a web page of a proxy helps nobody.
            return body.Length < 200 && body[0] != '<' ? Encoding.UTF8.GetString(body) : "";
        }
    }

    private static string Innermost(Exception failure)
    {
        var message = failure.GetBaseException().Message;
        return message.EndsWith('.') ? message : $"{message}.";
    }
}

/// <summary>Qdrant's answer was an error: as a sentence, and as it came for those who can make something of it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="reason">The text of the error, as Qdrant wrote it; empty where there was none.</param>
internal sealed class QdrantRefusal(string message, HttpStatusCode status, string reason) : MemoryException(message)
{
    public HttpStatusCode Status { get; } = status;

    public string Reason { get; } = reason;
}
