using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace McpQdrant.Tests.Server.Authentication;

/// <summary>What came back, taken apart as far as a test asks.</summary>
internal sealed record HttpAnswer(HttpStatusCode Status, string Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    /// <summary>The one message of an event stream, or the error that is the body.</summary>
    public JsonElement Message => JsonElement.Parse(Body.StartsWith('{') ? Body : Body.Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..]);

    public string Challenge => Headers.WwwAuthenticate.ToString();
}
