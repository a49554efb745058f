using System.Globalization;
using System.Net;
using McpQdrant.Tests.Server.Explorer;
using Microsoft.Playwright;
using static McpQdrant.Tests.Browser.Visit;

namespace McpQdrant.Tests.Browser;

/// <summary>The map of a collection.</summary>
[Collection(BrowserTests.Name)]
public sealed class ExplorerMapTests(Chromium chromium)
{
    [Fact]
    public async Task Points_are_coloured_zoomed_and_opened()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", [.. Enumerable.Range(0, 400).Select(i => ExplorerSeed.Of(i, $"memory {i}", $$"""{"kind":"{{(i % 4 == 0 ? "plan" : "fact")}}"}"""))]);
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Map" }).ClickAsync();
        var points = visit.Page.Locator(".map circle");
        await Expect(points).ToHaveCountAsync(400);
        await Expect(visit.Page.GetByText("400 memories. Near")).ToBeVisibleAsync();

        await visit.Page.GetByLabel("Colour by").SelectOptionAsync("kind");
        await Expect(visit.Page.Locator(".legend li")).ToHaveTextAsync(["fact", "plan", "others, or none"]);
        await Expect(visit.Page.Locator(".map circle.c0")).ToHaveCountAsync(300);
        await Expect(visit.Page.Locator(".map circle.c1")).ToHaveCountAsync(100);

        var before = await SizeAsync();
        await visit.Button("Zoom in").ClickAsync();
        Assert.True(await SizeAsync() < before);
        await visit.Button("All").ClickAsync();
        Assert.Equal(before, await SizeAsync());
        await visit.Page.Locator(".map").HoverAsync();
        await visit.Page.Mouse.WheelAsync(0, -200);
        await Expect(visit.Page.Locator(".map")).Not.ToHaveAttributeAsync("viewBox", "-1.1 -1.1 2.2 2.2");

        await points.First.DispatchEventAsync("click");
        await Expect(visit.Detail.Locator("p.text").First).ToHaveTextAsync("memory 0");

        async Task<double> SizeAsync() => double.Parse((await visit.Page.Locator(".map").GetAttributeAsync("viewBox"))!.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Two_that_say_nearly_the_same_become_one_and_are_left_alone_where_somebody_changed_one()
    {
        await using var server = await ExplorerServer.StartAsync();
        foreach (var body in (string[])["""{"text":"the cat sat on the mat","metadata":{"kind":"fact","a":1}}""", """{"text":"The cat sat on the mat.","metadata":{"kind":"plan","b":2},"force":true}""", """{"text":"a dog ran"}"""])
            Assert.Equal(HttpStatusCode.Created, (await server.SendAsync("POST", "/api/v1/collections/notes/memories", body)).Status);
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes/map");
        var pair = visit.Page.Locator(".pair").First;
        await Expect(pair).ToContainTextAsync("The cat sat on the mat.");

        await pair.GetByRole(AriaRole.Button, new() { Name = "Merge these" }).ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Text").FillAsync("The cat sat on the red mat.");
        var listed = (await server.SendAsync("GET", "/api/v1/collections/notes/memories")).Json.GetProperty("memories");
        var newer = listed.EnumerateArray().Single(memory => memory.GetProperty("text").GetString() == "The cat sat on the mat.").GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("PATCH", $"/api/v1/collections/notes/memories/{newer}", """{"metadata":{"c":3}}""")).Status);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Merge these" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("One of them was changed meanwhile");
        Assert.Equal(3, await ExplorerVisitTests.CountAsync(server));
        await visit.Page.Keyboard.PressAsync("Escape");

        await pair.GetByRole(AriaRole.Button, new() { Name = "Merge these" }).ClickAsync();
        await dialog.GetByLabel("Text").FillAsync("The cat sat on the red mat.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Merge these" }).ClickAsync();

        await Expect(visit.Said).ToHaveTextAsync("They are one memory now.");
        await Expect(visit.Page.Locator(".map circle")).ToHaveCountAsync(2);
        var merged = (await server.SendAsync("GET", "/api/v1/collections/notes/memories")).Json.GetProperty("memories").EnumerateArray().Single(memory => memory.GetProperty("text").GetString() == "The cat sat on the red mat.");
        Assert.Equal("fact", merged.GetProperty("metadata").GetProperty("kind").GetString());
        Assert.Equal(3, merged.GetProperty("metadata").GetProperty("c").GetInt32());
        Assert.Equal(1, merged.GetProperty("metadata").GetProperty("a").GetInt32());
    }
}
