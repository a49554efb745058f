using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpQdrant.Core.Memories;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>Turns what Qdrant refuses, and what keeps it from answering, into sentences: what was wrong, and what to do.</summary>
/// <remarks>The texts it looks for are those of Qdrant 1.18; one that it doesn't know is passed on as it came.</remarks>
internal sealed partial class QdrantErrors(QdrantOptions options, bool isInContainer)
{
    private string Server => $"Qdrant at {options.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}";

    public static QdrantErrors For(QdrantOptions options) =>
        new(options, Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1");

    /// <summary>An answer that says no.</summary>
    public MemoryException Refused(HttpStatusCode status, ReadOnlySpan<byte> body, QdrantRequest request)
    {
        var reason = ReasonOf(body);
        if (IsStale(status, reason))
            return new StaleCollectionException(Stale(reason, request));

        return new QdrantRefusal(Sentence(status, reason, request), status, reason)
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

    /// <summary>The collection is gone, or was made anew with other vectors than those known.</summary>
    private static bool IsStale(HttpStatusCode status, string reason) => status switch
    {
        HttpStatusCode.NotFound => reason.StartsWith("Not found: Collection", StringComparison.Ordinal),
        HttpStatusCode.BadRequest => reason.Contains("Not existing vector name", StringComparison.Ordinal)
            || reason.Contains("Vector dimension error", StringComparison.Ordinal)
            || reason.Contains("Conversion between", StringComparison.Ordinal),
        _ => false,
    };

    private static string Stale(string reason, QdrantRequest request)
    {
        if (reason.StartsWith("Not found", StringComparison.Ordinal))
            return $"Collection '{request.Collection}' doesn't exist.";

        var now = MissingVector().Match(reason) is { Success: true } missing
            ? missing.Groups["name"].Length == 0 ? "it has no vector without a name" : $"it has no vector '{missing.Groups["name"].Value}'"
            : OtherSize().Match(reason) is { Success: true } size
                ? $"its vectors have size {size.Groups["there"].Value}, and one of size {size.Groups["sent"].Value} was sent"
                : "its vectors are of another kind";
        return $"Collection '{request.Collection}' isn't what it was: {now}. Try again; if it stays so, choose another collection.";
    }

    private string Sentence(HttpStatusCode status, string reason, QdrantRequest request) => (status, reason) switch
    {
        (HttpStatusCode.Unauthorized, _) => options.ApiKey is null
            ? $"{Server} asks for an API key. Set QDRANT_API_KEY."
            : $"{Server} doesn't accept the API key. Check QDRANT_API_KEY.",
        (HttpStatusCode.Forbidden, _) => Forbidden(reason, request),
        (HttpStatusCode.TooManyRequests, _) => $"{RateLimited(reason, request)} Try again{RetryAfter().Match(reason) switch
        {
            { Success: true } wait => $" in {wait.Groups["seconds"].ValueSpan} s.",
            _ => " in a moment.",
        }}",
        (HttpStatusCode.RequestEntityTooLarge, _) => TooLarge(request),
        (HttpStatusCode.BadRequest, _) when TooLargeJson().IsMatch(reason) => TooLarge(request),
        (HttpStatusCode.BadRequest, _) when IndexRequired().Match(reason) is { Success: true } index =>
            $"The strict mode of collection '{request.Collection}' only allows filters and rankings by indexed fields, and '{index.Groups["field"].Value}' has no index" +
            $"{(index.Groups["types"].Value.Contains(',', StringComparison.Ordinal) ? "" : $" of the type {index.Groups["types"].Value}")}. " +
            "Use another field, or create that index.",
        (HttpStatusCode.BadRequest, _) when reason.StartsWith("Bad request: ", StringComparison.Ordinal) =>
            $"The strict mode of collection '{request.Collection}' doesn't allow this: {StrictReason(reason)}",
        (HttpStatusCode.BadRequest, _) when reason.Contains("stored_at", StringComparison.Ordinal) =>
            $"Collection '{request.Collection}' has memories whose field 'stored_at' is no time, so they can't be ranked by age. " +
            "Unset MEMORY_RECENCY_HALF_LIFE, or correct them.",
        (HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, _) when request.Filter is not null && FilterFault(reason) is { } fault =>
            $"Qdrant refuses the filter{fault}.",
        (HttpStatusCode.InternalServerError, _) when reason.Contains("InferenceService", StringComparison.Ordinal) =>
            $"{Server} knows no embedding model of the name that was asked for, or has no inference service to ask. Where Qdrant is to embed, " +
            "check EMBEDDING_MODEL; otherwise choose another EMBEDDING_PROVIDER.",
        (HttpStatusCode.InternalServerError, _) => $"{Server} failed: {Bare(reason)}. Its log says more.",
        (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout, _) =>
            $"{Server} isn't ready to answer (HTTP {(int)status}). It may be starting; try again in a moment.",
        ( >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest, _) =>
            $"{Server} sends us to another address, and the key isn't taken there. Give the address that it redirects to.",
        (HttpStatusCode.NotFound, "") => $"{Server} has no such path: it is no Qdrant, an older version, or behind a proxy with another path. Check the address.",
        (HttpStatusCode.BadRequest, "") =>
            $"{Server} doesn't understand the request. Where it serves TLS, write https:// in the address.",
        _ => $"{Server} refuses the request{(request.Collection is { } name ? $" for collection '{name}'" : "")} (HTTP {(int)status}): {Bare(reason)}.",
    };

    private string Forbidden(string reason, QdrantRequest request) => reason switch
    {
        "ExpiredSignature" => "The access token for Qdrant has expired. Put a new one into QDRANT_API_KEY.",
        "InvalidSignature" => $"{Server} doesn't accept the access token: it is signed with another key. Check QDRANT_API_KEY.",
        "Forbidden: Global manage access is required" =>
            "The API key for Qdrant is read-only. Use one that may write, or set QDRANT_READ_ONLY=true.",
        "Forbidden: Global access is required" => request.Collection is { } name
            ? $"The API key for Qdrant may not create collection '{name}'. Choose a collection that it covers, or use another key."
            : "The API key for Qdrant doesn't cover the whole server. Use another one.",
        _ when reason.StartsWith("Forbidden: Write access", StringComparison.Ordinal) =>
            $"The API key for Qdrant may only read collection '{request.Collection}'. Use one that may write to it.",
        _ when reason.StartsWith("Forbidden: Access to collection", StringComparison.Ordinal) =>
            $"The API key for Qdrant doesn't cover collection '{request.Collection}'. Choose a collection that it covers, or use another key.",
        _ => $"{Server} forbids this: {Bare(reason)}. Check what the key in QDRANT_API_KEY may do.",
    };

    private static string RateLimited(string reason, QdrantRequest request) =>
        $"Collection '{request.Collection}' limits how often it is {(reason.Contains("Write rate", StringComparison.Ordinal) ? "written to" : "read")}, " +
        "and the limit is reached.";

    private static string TooLarge(QdrantRequest request) =>
        $"The request is too large for Qdrant ({(request.Body.Length / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture)} MiB). Store a shorter text, or less metadata.";

    /// <summary>What the fault of the filter is and, where the server names it, at which path. The column that it names is always the body's end.</summary>
    private static string? FilterFault(string reason) =>
        InvalidFilter().Match(reason) is { Success: true } invalid ? $" at {invalid.Groups["path"].Value}: {invalid.Groups["fault"].Value}"
        : UnreadableJson().Match(reason) is { Success: true } unreadable ? $": {unreadable.Groups["fault"].Value}"
        : null;

    private static string StrictReason(string reason)
    {
        var text = reason["Bad request: ".Length..].Replace("!. Help: ", ". ", StringComparison.Ordinal).Replace(" Help: ", " ", StringComparison.Ordinal);
        return text.EndsWith('.') ? text : $"{text}.";
    }

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

    /// <summary>A reason without the word for its kind in front, and without an end of the sentence.</summary>
    private static string Bare(string reason) => reason.Length == 0 ? "it gives no reason" : Kind().Replace(reason, "").TrimEnd('.', '!');

    private static string Innermost(Exception failure)
    {
        var message = failure.GetBaseException().Message;
        return message.EndsWith('.') ? message : $"{message}.";
    }

    [GeneratedRegex(@"Retry after (?<seconds>\d+)s")]
    private static partial Regex RetryAfter();

    [GeneratedRegex(@"JSON payload .*(larger than allowed|has exceeded limit)")]
    private static partial Regex TooLargeJson();

    [GeneratedRegex("Index required but not found for \"(?<field>.*)\" of one of the following types: \\[(?<types>[^\\]]*)\\]")]
    private static partial Regex IndexRequired();

    [GeneratedRegex(@"filter\.(?<path>[a-z_]+[^:]*?)(\.__all__)?: (Validation error: )?(?<fault>.*?)\.?( \[\{.*\}\])?\]$")]
    private static partial Regex InvalidFilter();

    [GeneratedRegex(@"Format error in JSON body: (?<fault>.*?),? (which can be a field condition .*)?at line 1 column \d+$")]
    private static partial Regex UnreadableJson();

    [GeneratedRegex("Not existing vector name error: (?<name>.*)$")]
    private static partial Regex MissingVector();

    [GeneratedRegex(@"expected dim: (?<there>\d+), got (?<sent>\d+)")]
    private static partial Regex OtherSize();

    [GeneratedRegex("^(Wrong input|Bad request|Service internal error|Forbidden|Not found|(Format|Validation) error in JSON body): ")]
    private static partial Regex Kind();
}

/// <summary>Qdrant's answer was an error: as a sentence, and as it came for those who can make something of it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="reason">The text of the error, as Qdrant wrote it; empty where there was none.</param>
internal sealed class QdrantRefusal(string message, HttpStatusCode status, string reason) : MemoryException(message)
{
    public HttpStatusCode Status { get; } = status;

    public string Reason { get; } = reason;
}
