using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using McpQdrant.Tests.Server.Authentication;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Server.Rest;

/// <summary>Whatever is wrong with a request, the answer is a status and problem details, in a sentence.</summary>
public sealed class RestProblemTests
{
    private const string Memories = "/collections/notes/memories";

    [Fact]
    public async Task It_is_off_unless_it_is_asked_for()
    {
        await using var server = await AccessServer.StartAsync();

        foreach (var path in new[] { "/api/v1", "/api/v1/collections", "/api/v1/openapi.json" })
        {
            using var response = await server.Client.GetAsync(new Uri(server.Address, path));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Contains("MCP is served at /mcp", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("POST", Memories, "{", 400, "The body is no JSON object as this address takes it (line 1, byte 2).")]
    [InlineData("POST", Memories, "[1]", 400, "The body is no JSON object as this address takes it (line 1, byte 2).")]
    [InlineData("POST", Memories, "null", 400, "The body is null. Send a JSON object.")]
    [InlineData("POST", Memories, """{"text": " "}""", 400, "'text' is missing or empty. Give the text to keep.")]
    [InlineData("POST", Memories, """{"text": "a", "tags": []}""", 400, "The body is not what this address takes at $.tags: no such field, or another kind of value.")]
    [InlineData("POST", Memories, """{"text": "a", "metadata": [1]}""", 400, "'metadata' is no JSON object. Give one, for instance {\"kind\": \"decision\"}.")]
    [InlineData("POST", Memories, "{\"text\": \"\\ud800\"}", 400, "The body holds bytes that are not UTF-8, or half of a character (such as \\ud800). Send valid Unicode.")]
    [InlineData("POST", Memories, """{"text": "a", "expires": "soon"}""", 400, "'expires' is 'soon', which is no time.")]
    [InlineData("POST", "/collections/a:b/memories", """{"text": "a"}""", 400, "The collection name holds ':', which Qdrant doesn't allow.")]
    [InlineData("GET", "/collections/nowhere", null, 404, "There is no collection 'nowhere'.")]
    [InlineData("GET", "/collections/nowhere/memories", null, 404, "There is no collection 'nowhere'.")]
    [InlineData("POST", "/collections/nowhere/search", "{}", 404, "There is no collection 'nowhere'.")]
    [InlineData("GET", "/collections/nowhere/changes", null, 404, "There is no collection 'nowhere'.")]
    [InlineData("GET", "/collections/notes/memories/abc", null, 404, "'abc' is no id.")]
    [InlineData("PATCH", "/collections/notes/memories/7", """{"text": "a"}""", 404, "There is no memory 7 in 'notes'.")]
    [InlineData("PATCH", "/collections/notes/memories/7", "{}", 400, "Nothing to change: give 'text', 'metadata' or 'expires'.")]
    [InlineData("DELETE", "/collections/notes/memories/7", null, 404, "There is no memory 7 in 'notes'.")]
    [InlineData("GET", Memories + "?limit=0", null, 400, "The limit is '0'. Give a number from 1 to 200.")]
    [InlineData("GET", Memories + "?cursor=abc", null, 400, "The cursor is none that an answer gave.")]
    [InlineData("GET", Memories + "?filter=7", null, 400, "'filter' is no JSON object.")]
    [InlineData("GET", Memories + "?filter=%7B", null, 400, "'filter' is no JSON.")]
    [InlineData("GET", Memories + "?filter=%7B%22must%22:7%7D", null, 400, "The filter is not valid: ")]
    [InlineData("GET", Memories + "?since=yesterday", null, 400, "'since' is 'yesterday', which is no time.")]
    [InlineData("POST", "/search", """{"limit": 51}""", 400, "The limit is 51.")]
    [InlineData("POST", "/search", """{"limit": "5"}""", 400, "The body is not what this address takes at $.limit: no such field, or another kind of value.")]
    [InlineData("POST", "/collections/notes/forget/preview", "{}", 400, "Give one of 'ids' and 'filter'")]
    [InlineData("POST", "/collections/notes/forget", "{}", 400, "Give 'ids', or the 'code' of a preview")]
    [InlineData("POST", "/collections/notes/forget", """{"code": "abc"}""", 400, "This confirmation code was not given to you")]
    [InlineData("POST", "/collections/notes/undo", """{"changes": []}""", 400, "Give the ids of 1 to 1,000 changes.")]
    [InlineData("POST", "/collections/notes/undo", """{"changes": ["x"]}""", 400, "'x' is no id of a change.")]
    [InlineData("POST", "/collections/notes/undo", """{"changes": ["0197c7a1-0000-7000-8000-000000000000"]}""", 404, "There is no change 0197c7a1-0000-7000-8000-000000000000 in 'notes'.")]
    [InlineData("PUT", Memories, "{}", 405, "This address takes GET, POST only.")]
    [InlineData("POST", "", "{}", 405, "This address takes GET only.")]
    [InlineData("GET", "/collections/notes/memories/7/more", null, 404, "There is nothing at this address.")]
    public async Task A_wrong_request_is_told_so(string method, string path, string? body, int status, string sentence)
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false);
        await rest.StoreAsync("notes", "the cat");

        var answer = await rest.SendAsync(method, path, body);

        Assert.StartsWith(sentence, answer.Problem((HttpStatusCode)status), StringComparison.Ordinal);
        Assert.Equal(status == 405 ? sentence["This address takes ".Length..^" only.".Length] : "", string.Join(", ", answer.ContentHeaders.Allow.Order()));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.DoesNotContain(rest.Server.Log.Events, entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task A_body_of_another_type_or_too_long_is_refused()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false, ("MCP_MAX_REQUEST_BYTES", "65536"));

        var form = await rest.SendAsync("POST", Memories, prepare: request => request.Content = new StringContent("text=a", Encoding.UTF8, "application/x-www-form-urlencoded"));
        var none = await rest.SendAsync("POST", Memories);
        var large = await rest.SendAsync("POST", Memories, $$"""{"text": "{{new string('a', 70_000)}}"}""");
        var tag = await rest.SendAsync("DELETE", $"{Memories}/7", prepare: request => request.Headers.TryAddWithoutValidation("If-Match", "abc"));

        Assert.StartsWith("The body comes as application/json.", form.Problem(HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
        Assert.StartsWith("The body comes as application/json.", none.Problem(HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
        Assert.StartsWith("The request is longer than 65536 bytes.", large.Problem(HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
        Assert.StartsWith("If-Match is no list of entity tags.", tag.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_and_gates_of_the_listener_hold_here_too()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false, ("MCP_RATE_LIMIT", "2"));

        var host = await rest.SendAsync("GET", "", prepare: request => request.Headers.Host = "evil.example");
        var origin = await rest.SendAsync("GET", "", prepare: request => request.Headers.Add("Origin", "https://evil.example"));
        var answers = new[] { await rest.SendAsync("GET", ""), await rest.SendAsync("GET", "/nowhere"), await rest.SendAsync("GET", "") };

        Assert.Contains("MCP_ALLOWED_HOSTS", host.Problem(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Contains("MCP_ALLOWED_ORIGINS", origin.Problem(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.NotFound], answers[..2].Select(answer => answer.Status));
        Assert.Equal("Too many requests. Try again in 10 seconds.", answers[2].Problem(HttpStatusCode.TooManyRequests));
        Assert.Equal(TimeSpan.FromSeconds(10), answers[2].Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Answers_are_compressed_for_those_who_take_it()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false);
        var id = await rest.StoreAsync("notes", new string('a', 10_000));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(rest.Server.Address, $"/api/v1{Memories}/{id}"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        using var response = await rest.Server.Client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        await using var unpacked = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);

        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        Assert.InRange(body.Length, 1, 1000);
        Assert.Equal(id, (await JsonDocument.ParseAsync(unpacked)).RootElement.GetProperty("id").GetString());
    }

    /// <summary>A store that doesn't answer is no fault of the request.</summary>
    [Fact]
    public async Task What_the_store_can_not_do_is_told_as_unavailable()
    {
        await using var rest = await RestServer.StartAsync(isQdrant: false, ("QDRANT_URL", "http://127.0.0.1:9"), ("QDRANT_TIMEOUT", "1s"));

        var answer = await rest.SendAsync("GET", Memories);

        Assert.NotEmpty(answer.Problem(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
    }
}
