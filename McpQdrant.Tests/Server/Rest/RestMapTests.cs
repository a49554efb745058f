using System.Net;
using System.Text.Json;
using McpQdrant.Tests.Server.Authentication;

namespace McpQdrant.Tests.Server.Rest;

public sealed class RestMapTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Memories_are_points_and_those_that_say_the_same_are_pairs(bool isQdrant)
    {
        await using var rest = await RestServer.StartAsync(isQdrant);
        var cat = await rest.StoreAsync("notes", "the cat sat on the mat", """{"kind": "fact", "rank": 3, "list": [1], "done": true}""");
        var same = await rest.StoreAsync("notes", "The cat sat on the mat.", """{"kind": "plan"}""");
        var dog = await rest.StoreAsync("notes", "a dog ran");

        var map = await rest.DoAsync("GET", "/collections/notes/map");

        Assert.True(map.GetProperty("whole").GetBoolean());
        var points = map.GetProperty("points").EnumerateArray().ToDictionary(point => point.GetProperty("id").GetString()!);
        Assert.Equal(new[] { cat, same, dog }.Order(), points.Keys.Order());
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"kind": "fact", "rank": "3", "done": "True"}"""), points[cat].GetProperty("values")), points[cat].ToString());
        Assert.True(Distance(points[cat], points[same]) < Distance(points[cat], points[dog]));
        var nearest = map.GetProperty("near")[0];
        Assert.Equal(new[] { cat, same }.Order(), new[] { nearest.GetProperty("one").GetString(), nearest.GetProperty("other").GetString() }.Order());
        Assert.InRange(nearest.GetProperty("similarity").GetSingle(), 0.9f, 1.001f);
    }

    [Fact]
    public async Task Filters_hold_scopes_too_and_what_is_not_there_is_said()
    {
        using var folder = new TemporaryFolder();
        var anna = AccessServer.Entry("anna", ["*"], read: true, write: true);
        anna["scope"] = new System.Text.Json.Nodes.JsonObject { ["user"] = "anna" };
        var file = folder.Write("access.json", AccessServer.File(anna, AccessServer.Entry("all", ["*"], read: true, write: true)));
        await using var rest = await RestServer.StartAsync(isQdrant: false, ("MCP_ACCESS_FILE", file));
        foreach (var (caller, text) in new[] { ("anna", "of anna"), ("all", "of nobody") })
            await rest.DoAsync("POST", "/collections/notes/memories", $$"""{"text": "{{text}}", "metadata": {"of": "{{caller}}"}, "force": true}""", AccessServer.KeyOf(caller));

        Assert.Equal(["of anna"], Texts(await rest.DoAsync("GET", "/collections/notes/map", bearer: AccessServer.KeyOf("anna"))));
        Assert.Equal(["of nobody"], Texts(await rest.DoAsync("GET", $"/collections/notes/map?metadata={Uri.EscapeDataString("""{"of":"all"}""")}", bearer: AccessServer.KeyOf("all"))));
        (await rest.SendAsync("GET", "/collections/none/map", bearer: AccessServer.KeyOf("all"))).Problem(HttpStatusCode.NotFound);
        (await rest.SendAsync("GET", "/collections/notes/map?since=whenever", bearer: AccessServer.KeyOf("all"))).Problem(HttpStatusCode.BadRequest);
    }

    private static string[] Texts(JsonElement map) => [.. map.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("text").GetString()!)];

    private static double Distance(JsonElement one, JsonElement other) =>
        Math.Pow(one.GetProperty("x").GetDouble() - other.GetProperty("x").GetDouble(), 2) + Math.Pow(one.GetProperty("y").GetDouble() - other.GetProperty("y").GetDouble(), 2);
}
