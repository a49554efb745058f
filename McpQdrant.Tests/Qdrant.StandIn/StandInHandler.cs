using System.Net;
using System.Text;
using System.Text.Json;

namespace McpQdrant.Tests.Qdrant;

/// <summary>A stand-in without a network, for tests that aren't about one. Keeps the requests.</summary>
internal sealed class StandInHandler : HttpMessageHandler
{
    private readonly StandInApi _api = new(new Dictionary<string, StandInAccess>());

    /// <summary>The version that it says it has; it does all it can do whatever it says.</summary>
    public string? Version { get; set; }

    /// <summary>Changes how the numbers of answers are spelled, as a real Qdrant does with some.</summary>
    public Func<string, string> Spelling { get; init; } = body => body;

    /// <summary>What was asked, in order: method and path, and the body.</summary>
    public List<(string Line, string Body)> Requests { get; } = [];

    /// <summary>Does what a recorded scenario did, up to and with the exchange of that name.</summary>
    public static StandInHandler After(string scenario, string lastExchange)
    {
        var handler = new StandInHandler();
        foreach (var exchange in RecordedExchange.Load(scenario))
        {
            handler._api.Answer(exchange.Method, exchange.Path, Encoding.UTF8.GetBytes(exchange.Body?.GetRawText() ?? ""), key: null);
            if (exchange.Name == lastExchange)
                return handler;
        }
        throw new ArgumentException($"There is no exchange '{lastExchange}'.", nameof(lastExchange));
    }

    /// <summary>Sends a request of another program.</summary>
    /// <returns>What is below <c>result</c>.</returns>
    public JsonElement Send(string method, string target, string body)
    {
        var answer = _api.Answer(method, target, Encoding.UTF8.GetBytes(body), key: null);
        Assert.True(answer.Status == 200, answer.Body);
        return JsonElement.Parse(answer.Body!).GetProperty("result");
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        lock (Requests)
            Requests.Add(($"{request.Method} {request.RequestUri!.PathAndQuery}", Encoding.UTF8.GetString(body)));
        if (Version is { } version && request.RequestUri.PathAndQuery == "/")
            return new HttpResponseMessage { Content = new StringContent($$"""{"title":"qdrant","version":"{{version}}"}""") };
        var answer = _api.Answer(request.Method.Method, request.RequestUri.PathAndQuery, body, key: null);
        return new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new StringContent(Spelling(answer.Body ?? "")) };
    }
}
