using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Server.Http;
using McpQdrant.Tests.Server.Authentication;
using McpQdrant.Tests.Server.Rest;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Security;

/// <summary>Every route of the REST API, as the server itself lists them, tried by callers who may not.</summary>
public sealed class RestAccessTests : IAsyncLifetime
{
    private const string Secret = "The vault opens at nine.";

    private readonly TemporaryFolder _folder = new();
    private RestServer _rest = null!;
    private string _id = "";
    private string _change = "";

    public async ValueTask InitializeAsync()
    {
        string[] own = ["own-*"];
        var finder = AccessServer.Entry("finder", own, read: true, write: true, forget: true);
        finder["tools"] = new JsonArray("find", "collections");
        await File.WriteAllTextAsync(_folder.File("access.json"), AccessServer.File(
            AccessServer.Entry("owner", own, read: true, write: true, forget: true),
            AccessServer.Entry("reader", own, read: true),
            AccessServer.Entry("ingester", own, write: true),
            AccessServer.Entry("stranger", ["elsewhere"], read: true, write: true, forget: true),
            finder));
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _rest.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>What a route is asked for; a route that has nothing here makes these tests fail.</summary>
    private string? BodyOf(string name) => name switch
    {
        "about" or "listCollections" or "getCollection" or "listMemories" or "getMemory" or "forgetMemory" or "listChanges" or "export" or "map" or "health" or "openapi" => null,
        "import" => """{"text": "planted"}""",
        "storeMemory" => """{"text": "planted"}""",
        "updateMemory" => """{"text": "changed"}""",
        "search" or "searchAll" => """{"query": "vault"}""",
        "previewForget" => """{"filter": {"must": [{"key": "metadata.kind", "match": {"value": "fact"}}]}}""",
        "forget" => JsonSerializer.Serialize(new { ids = new[] { _id } }),
        "undo" => JsonSerializer.Serialize(new { changes = new[] { _change } }),
        _ => throw new Xunit.Sdk.XunitException($"The route {name} has no request here. Say what it is to be asked for, and see that it holds."),
    };

    [Fact]
    public async Task Nobody_without_a_key_gets_an_answer_from_any_route()
    {
        Assert.True(Routes().Count >= 17);
        foreach (var route in Routes())
        {
            var answer = await SendAsync(route, "own-here", bearer: null);
            var wrong = await SendAsync(route, "own-here", bearer: "not-a-key");

            Assert.StartsWith("This server asks who calls.", answer.Problem(HttpStatusCode.Unauthorized), StringComparison.Ordinal);
            Assert.StartsWith("The key is not known here.", wrong.Problem(HttpStatusCode.Unauthorized), StringComparison.Ordinal);
            Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
        await AssertUntouchedAsync();
    }

    /// <summary>Of a collection that isn't the caller's it learns byte by byte what it learns of one that there isn't, and changes nothing.</summary>
    [Fact]
    public async Task A_key_for_other_collections_learns_and_changes_nothing_by_any_route()
    {
        foreach (var route in Routes())
        {
            var answer = await SendAsync(route, "own-here", AccessServer.KeyOf("stranger"));
            var absent = await SendAsync(route, "own-gone", AccessServer.KeyOf("stranger"));

            Assert.Equal((absent.Status, absent.Body.Replace("own-gone", "own-here", StringComparison.Ordinal)), (answer.Status, answer.Body));
            Assert.DoesNotContain("vault", answer.Body, StringComparison.Ordinal);
            Assert.Contains(answer.Status, new[] { HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
            if (!route.Pattern.Contains("{collection}", StringComparison.Ordinal))
                Assert.DoesNotContain("own-here", answer.Body, StringComparison.Ordinal);
            else if (route.Name != "forget" && route.Name != "previewForget")
                Assert.True((int)answer.Status >= 400, $"{route.Name}: {answer.Body}");
            else
                Assert.Equal(0, (answer.Json.TryGetProperty("deleted", out var deleted) ? deleted : answer.Json.GetProperty("count")).GetInt32());
        }
        await AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("reader", "about openapi export map health listCollections getCollection listMemories getMemory search searchAll listChanges")]
    [InlineData("ingester", "about openapi health storeMemory")]
    [InlineData("finder", "about openapi export map health listCollections getCollection listMemories getMemory search searchAll listChanges")]
    public async Task A_key_does_what_its_rights_are_and_no_more(string caller, string allowed)
    {
        var answered = new List<string>();
        foreach (var route in Routes())
        {
            var answer = await SendAsync(route, "own-here", AccessServer.KeyOf(caller));
            if ((int)answer.Status < 400)
                answered.Add(route.Name);
            else
                Assert.StartsWith("You may not use ", answer.Problem(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        }

        Assert.Equal(allowed.Split(' ').Order(), answered.Order());
    }

    [Theory]
    [InlineData("QDRANT_READ_ONLY", "true", "about openapi export map health listCollections getCollection listMemories getMemory search searchAll listChanges")]
    [InlineData("MCP_TOOLS", "find,store", "about openapi export map import health getCollection listMemories getMemory search searchAll storeMemory listChanges")]
    public async Task What_the_settings_take_from_everybody_nobody_has_here(string setting, string value, string allowed)
    {
        await _rest.DisposeAsync();
        await StartAsync((setting, value));

        var answered = new List<string>();
        foreach (var route in Routes())
        {
            var answer = await SendAsync(route, "own-here", AccessServer.KeyOf("owner"));
            if (answer.Status == HttpStatusCode.Forbidden)
                Assert.StartsWith("You may not use ", answer.Problem(HttpStatusCode.Forbidden), StringComparison.Ordinal);
            else
                answered.Add(route.Name);
        }

        Assert.Equal(allowed.Split(' ').Order(), answered.Order());
    }

    /// <summary>What was deleted is for those who could bring it back, and for those who deleted it.</summary>
    [Fact]
    public async Task Who_may_only_read_does_not_read_what_others_deleted()
    {
        var history = await _rest.DoAsync("GET", "/collections/own-here/changes", bearer: AccessServer.KeyOf("reader"));
        var asked = await _rest.DoAsync("GET", "/collections/own-here/changes?by=owner", bearer: AccessServer.KeyOf("reader"));
        var owner = await _rest.DoAsync("GET", "/collections/own-here/changes", bearer: AccessServer.KeyOf("owner"));

        Assert.Empty(history.GetProperty("changes").EnumerateArray());
        Assert.Empty(asked.GetProperty("changes").EnumerateArray());
        Assert.Equal("The vault opens at ten.", Assert.Single(owner.GetProperty("changes").EnumerateArray()).GetProperty("before").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Who_may_write_only_gets_back_what_it_wrote_and_no_tag()
    {
        var stored = await _rest.SendAsync("POST", "/collections/own-here/memories", """{"text": "a line of a log"}""", AccessServer.KeyOf("ingester"));

        Assert.Equal((HttpStatusCode.Created, null, "a line of a log"), (stored.Status, stored.Tag, stored.Json.GetProperty("text").GetString()));
        Assert.False(stored.Json.TryGetProperty("etag", out _));
    }

    /// <summary>With a memory that the owner changed once.</summary>
    private async Task StartAsync(params (string Name, string Text)[] settings)
    {
        (string, string)[] access = [("MCP_ACCESS_FILE", _folder.File("access.json")), ("QDRANT_LOCAL_PATH", _folder.File("memories")), ("QDRANT_URL", "")];
        if (_id.Length == 0)
        {
            await using var seeding = await RestServer.StartAsync(isQdrant: false, access);
            _rest = seeding;
            var owner = AccessServer.KeyOf("owner");
            _id = (await seeding.DoAsync("POST", "/collections/own-here/memories", """{"text": "The vault opens at ten.", "metadata": {"kind": "fact"}}""", owner)).GetProperty("id").GetString()!;
            await seeding.DoAsync("PATCH", $"/collections/own-here/memories/{_id}", $$"""{"text": "{{Secret}}"}""", owner);
            _change = (await seeding.DoAsync("GET", "/collections/own-here/changes", bearer: owner)).GetProperty("changes")[0].GetProperty("change").GetString()!;
        }
        _rest = await RestServer.StartAsync(isQdrant: false, [.. settings, .. access]);
    }

    private async Task AssertUntouchedAsync()
    {
        var memory = await _rest.DoAsync("GET", $"/collections/own-here/memories/{_id}", bearer: AccessServer.KeyOf("owner"));
        Assert.Equal((Secret, 2), (memory.GetProperty("text").GetString(), memory.GetProperty("revision").GetInt32()));
        var collection = await _rest.DoAsync("GET", "/collections/own-here", bearer: AccessServer.KeyOf("owner"));
        Assert.Equal(1, collection.GetProperty("memories").GetInt32());
    }

    private Task<RestAnswer> SendAsync(Route route, string collection, string? bearer) => _rest.SendAsync(
        route.Method,
        route.Pattern["/api/v1".Length..].Replace("{collection}", collection, StringComparison.Ordinal).Replace("{id}", _id, StringComparison.Ordinal),
        BodyOf(route.Name), bearer);

    /// <summary>Those of the server itself, so that none is forgotten.</summary>
    private List<Route> Routes() =>
    [
        .. from endpoint in _rest.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<EndpointKind>() == EndpointKind.Rest
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
           select new Route(method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName),
    ];

    private sealed record Route(string Method, string Pattern, string Name);
}
