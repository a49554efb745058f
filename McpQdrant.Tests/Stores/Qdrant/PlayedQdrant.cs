using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using McpQdrant.Tests.Qdrant;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>Plays one recorded exchange to the store: the recorded answer to a request that means the same, and a failed test to any other.</summary>
/// <remarks>Calls that the store makes around the recorded one (the version, samples, what is there before a deletion) get the plainest answer.</remarks>
internal sealed class PlayedQdrant(RecordedExchange exchange) : HttpMessageHandler
{
    /// <summary>Whether the store has sent what was recorded.</summary>
    public bool WasPlayed { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        if (request.Method.Method == exchange.Method && path == exchange.Path)
        {
            var sent = RequestMeaning.Of(body);
            var recorded = RequestMeaning.Of(exchange.Body);
            if (RequestMeaning.Covers(sent, recorded))
            {
                WasPlayed = true;
                return Recorded();
            }

            Assert.Fail($"{exchange}: the store sent\n{sent?.ToJsonString()}\nand recorded is\n{recorded?.ToJsonString()}");
        }

        return Around(request.Method.Method, path, body) is { } result
            ? Json($$"""{"result":{{result}},"status":"ok","time":0}""")
            : throw new Xunit.Sdk.XunitException($"{exchange}: the store sent {request.Method} {path}\n{Encoding.UTF8.GetString(body)}");
    }

    private static string? Around(string method, string path, byte[] body) => (method, path) switch
    {
        ("GET", "/") => "null",
        ("POST", _) when path.EndsWith("/points/scroll", StringComparison.Ordinal) => """{"points":[],"next_page_offset":null}""",
        ("POST", _) when path.EndsWith("/points/count", StringComparison.Ordinal) => """{"count":1}""",
        ("POST", _) when path.EndsWith("/points", StringComparison.Ordinal) => Points(body),
        ("PUT", _) when path.Count('/') == 2 => "true",
        _ => null,
    };

    private static string Points(byte[] body) =>
        new JsonArray([.. JsonNode.Parse(body)!["ids"]!.AsArray().Select(id => new JsonObject { ["id"] = id!.DeepClone() })]).ToJsonString();

    private HttpResponseMessage Recorded()
    {
        var response = new HttpResponseMessage((HttpStatusCode)exchange.Status)
        {
            Content = new StringContent(exchange.Answer, Encoding.UTF8, exchange.AnswerHeaders.ContainsKey("content-type") ? "text/plain" : "application/json"),
        };
        foreach (var (name, value) in exchange.AnswerHeaders.Where(header => header.Key != "content-type"))
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
