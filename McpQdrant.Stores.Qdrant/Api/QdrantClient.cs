using System.Net.Http.Headers;
using System.Text.Json;
using McpQdrant.Stores.Qdrant.Mapping;
using Polly.Timeout;

namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>Speaks HTTP with a Qdrant server: sends, reads, and turns every failure into a sentence.</summary>
internal sealed class QdrantClient(HttpClient http, QdrantErrors errors, QdrantOptions options)
{
    /// <summary>The name of its <see cref="HttpClient"/>.</summary>
    public const string Name = "qdrant";

    /// <summary>The name of the <see cref="HttpClient"/> for what takes as long as a file is large: no time limit, and answers as they come.</summary>
    public const string NameForFiles = "qdrant-files";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Asks for something, and reads what is below <c>result</c> in the answer. It stays readable for as long as somebody holds it.</summary>
    /// <exception cref="McpQdrant.Core.Memories.MemoryException">The server refused, could not be reached, or answered in another form than Qdrant does.</exception>
    public async Task<T> ReadAsync<T>(QdrantRequest request, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var result = ResultOf(await SendAsync(OfPoints(request, "consistency", options.ReadConsistency), cancellationToken));
        return Shape(() => read(result));
    }

    /// <summary>Writes points, deletes them, or makes an index. When it returns, the server has said that this is completed.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task WriteAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        var ordering = options.WriteOrdering switch
        {
            null => null,
            WriteOrdering.Weak => "weak",
            WriteOrdering.Medium => "medium",
            WriteOrdering.Strong => "strong",
            _ => throw new InvalidOperationException($"{options.WriteOrdering} is no ordering."),
        };
        var result = ResultOf(await SendAsync(OfPoints(request, "ordering", ordering), cancellationToken));
        var status = result.ValueKind == JsonValueKind.Object && Only(result, "status") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : null;
        if (status != "completed")
            throw status is null ? errors.NotQdrant() : errors.NotCompleted(status);
    }

    /// <summary>Makes a collection or changes its settings. When it returns, the server has said that this is done.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task ChangeAsync(QdrantRequest request, CancellationToken cancellationToken)
    {
        if (ResultOf(await SendAsync(request, cancellationToken)).ValueKind != JsonValueKind.True)
            throw errors.NotQdrant();
    }

    /// <summary>Writes a file of the server into a stream, as it comes.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task DownloadAsync(QdrantRequest request, Stream target, CancellationToken cancellationToken)
    {
        try
        {
            using var message = new HttpRequestMessage(request.Method, request.Path);
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw errors.Refused(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken), request);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await body.CopyToAsync(target, cancellationToken);
        }
        catch (HttpIOException failure)
        {
            throw errors.Unreachable(new HttpRequestException(failure.HttpRequestError, failure.Message, failure));
        }
        catch (HttpRequestException failure)
        {
            throw errors.Unreachable(failure);
        }
    }

    /// <summary>Sends a file; when it returns, the server has said that it has taken it.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task UploadAsync(QdrantRequest request, HttpContent file, CancellationToken cancellationToken)
    {
        if (ResultOf(await SendAsync(request, file, cancellationToken)).ValueKind != JsonValueKind.True)
            throw errors.NotQdrant();
    }

    /// <summary>Reads a part of an answer.</summary>
    /// <exception cref="McpQdrant.Core.Memories.MemoryException">It has another form than Qdrant's answers have.</exception>
    public T Shape<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw errors.NotQdrant();
        }
    }

    /// <summary>The server's version; it is told without a key.</summary>
    public async Task<Version?> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var greeting = await SendAsync(new QdrantRequest(HttpMethod.Get, ""), cancellationToken);
        return greeting.ValueKind == JsonValueKind.Object && greeting.TryGetProperty("version", out var version)
            && version.ValueKind == JsonValueKind.String && Version.TryParse(version.GetString()!.Split('-')[0], out var parsed)
                ? parsed
                : null;
    }

    /// <summary>Only an answer that says <c>"status": "ok"</c>, and says everything once, is a success.</summary>
    private JsonElement ResultOf(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object
        && Only(answer, "status") is { ValueKind: JsonValueKind.String } status && status.ValueEquals("ok") && Only(answer, "result") is { } result
            ? result
            : throw errors.NotQdrant();

    /// <returns>Null where there is no such member, or more than one: which of them is meant, nobody can say.</returns>
    private static JsonElement? Only(JsonElement json, string name)
    {
        JsonElement? found = null;
        foreach (var member in json.EnumerateObject())
        {
            if (!member.NameEquals(name))
                continue;
            if (found is not null)
                return null;
            found = member.Value;
        }
        return found;
    }

    /// <summary>Adds what only operations on points take.</summary>
    private static QdrantRequest OfPoints(QdrantRequest request, string parameter, string? value) =>
        value is not null && request.Path.Contains("/points", StringComparison.Ordinal)
            ? request with { Path = $"{request.Path}{(request.Path.Contains('?') ? '&' : '?')}{parameter}={value}" }
            : request;

    private Task<JsonElement> SendAsync(QdrantRequest request, CancellationToken cancellationToken) =>
        SendAsync(request, request.Body.IsEmpty ? null : new ReadOnlyMemoryContent(request.Body) { Headers = { ContentType = Json } }, cancellationToken);

    private async Task<JsonElement> SendAsync(QdrantRequest request, HttpContent? content, CancellationToken cancellationToken)
    {
        try
        {
            using var message = new HttpRequestMessage(request.Method, request.Path) { Content = content };
            if (request.OnlyAt is { } node)
                message.Options.Set(QdrantFailover.OnlyAt, node);

            using var response = await http.SendAsync(message, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? JsonElement.Parse(body, QdrantJson.Deep) : throw errors.Refused(response.StatusCode, body, request);
        }
        catch (JsonException)
        {
            throw errors.NotQdrant();
        }
        catch (HttpRequestException failure)
        {
            throw errors.Unreachable(failure);
        }
        catch (TimeoutRejectedException)
        {
            throw errors.TooSlow();
        }
    }
}
