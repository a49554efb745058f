using System.Net;
using System.Text.Json;
using McpQdrant.Tests.Server.Explorer;
using Microsoft.Playwright;
using static McpQdrant.Tests.Browser.Visit;

namespace McpQdrant.Tests.Browser;

/// <summary>What people do with the Explorer, in a real browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class ExplorerVisitTests(Chromium chromium)
{
    [Fact]
    public async Task Somebody_signs_in_by_key_stays_so_and_signs_out()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key));
        await server.StoreAsync("notes", "The deploy key rotates on Mondays.");
        await using var visit = await StartAsync(chromium, server.Server.Address);

        await visit.Page.GetByLabel("Key", new() { Exact = true }).FillAsync("not the key");
        await visit.Button("Sign in").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The key is not known here.");

        await visit.SignInAsync(ExplorerServer.Key);
        await Expect(visit.Page.Locator(".card")).ToContainTextAsync("1 memory");
        await visit.Page.ReloadAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "notes" }).ClickAsync();
        await Expect(visit.Entries).ToContainTextAsync("rotates on Mondays");
        await visit.Button("Sign out").ClickAsync();

        await Expect(visit.Page.GetByLabel("Key", new() { Exact = true })).ToBeFocusedAsync();
        await visit.Page.ReloadAsync();
        await Expect(visit.Button("Sign in")).ToBeVisibleAsync();
        Assert.Equal("{}", await visit.Page.EvaluateAsync<string>("JSON.stringify(localStorage)"));
    }

    [Fact]
    public async Task Session_that_ended_asks_for_the_key_again()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key));
        await server.StoreAsync("notes", "one");
        await using var visit = await StartAsync(chromium, server.Server.Address);
        await visit.SignInAsync(ExplorerServer.Key);

        await visit.Page.Context.ClearCookiesAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "notes" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The session has ended. Sign in again.");
        await visit.SignInAsync(ExplorerServer.Key);

        await Expect(visit.Entries).ToContainTextAsync("one");
    }

    [Fact]
    public async Task Search_is_that_of_agents_with_scores_and_an_empty_one_shows_the_newest()
    {
        await using var server = await ExplorerServer.StartAsync();
        foreach (var text in (string[])["the cat sat on the mat", "a dog ran", "the mat was red"])
            Assert.Equal(HttpStatusCode.Created, (await server.SendAsync("POST", "/api/v1/collections/notes/memories", JsonSerializer.Serialize(new { text, force = true }))).Status);
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await Expect(visit.Entries).ToHaveCountAsync(3);
        await Expect(visit.Entries.First).ToContainTextAsync("the mat was red");

        await visit.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("cat");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Entries.First).ToContainTextAsync("the cat sat on the mat");
        await Expect(visit.Entries.First).ToContainTextAsync("score");
        await Expect(visit.Entries.First).ToContainTextAsync("by words: place 1");
        await Expect(visit.Page.GetByText("by meaning and words")).ToBeVisibleAsync();

        await visit.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("");
        await visit.Button("Show").ClickAsync();
        await Expect(visit.Page.GetByText("3 in all, the newest first")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Filters_keep_what_fits_and_wrong_ones_say_so()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", [ExplorerSeed.Of(1, "a fact", """{"kind":"fact"}"""), ExplorerSeed.Of(2, "a plan", """{"kind":"plan","done":true}""")]);
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await Expect(visit.Entries).ToHaveCountAsync(2);

        await visit.Page.GetByText("Filters").ClickAsync();
        await visit.Page.GetByLabel("Metadata").FillAsync("kind=plan, done=true");
        await visit.Button("Show").ClickAsync();
        await Expect(visit.Entries).ToHaveCountAsync(1);
        await Expect(visit.Entries).ToContainTextAsync("a plan");

        await visit.Page.GetByLabel("Since").FillAsync("whenever");
        await visit.Button("Show").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("whenever");
        await Expect(visit.Page.GetByText("Filters (2 set)")).ToBeVisibleAsync();

        await visit.Page.GetByLabel("Since").FillAsync("2026-01-01T08:02:00Z");
        await visit.Page.GetByLabel("Metadata").FillAsync("");
        await visit.Button("Show").ClickAsync();
        await Expect(visit.Entries).ToHaveCountAsync(1);
        await Expect(visit.Entries).ToContainTextAsync("a plan");
    }

    [Fact]
    public async Task Filters_know_callers_expiry_and_scopes_and_go_for_searches_too()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", [
            ExplorerSeed.Of(1, "the cat", """{"user":"anna"}""") with { By = "ci-bot" },
            ExplorerSeed.Of(2, "the dog", """{"user":"ben","project":"atlas"}"""),
            ExplorerSeed.Of(3, "the mat")]);
        Assert.Equal(HttpStatusCode.Created, (await server.SendAsync("POST", "/api/v1/collections/notes/memories", """{"text":"the cat expires","expires":"30d","force":true}""")).Status);
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.Page.GetByText("Filters").ClickAsync();

        await FilterAsync("By", "ci-bot", "the cat");
        await FilterAsync("User", "ben", "the dog");
        await visit.Page.GetByLabel("Expiry").SelectOptionAsync("expires");
        await ShowsAsync("the cat expires");
        await visit.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("cat");
        await ShowsAsync("the cat expires");
        await visit.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("");
        await visit.Page.GetByLabel("Expiry").SelectOptionAsync("never expires");
        await ShowsAsync("the mat", "the dog", "the cat");

        async Task FilterAsync(string field, string value, string expected)
        {
            await visit.Page.GetByLabel(field, new() { Exact = true }).FillAsync(value);
            await ShowsAsync(expected);
            await visit.Page.GetByLabel(field, new() { Exact = true }).FillAsync("");
        }

        async Task ShowsAsync(params string[] texts)
        {
            await visit.Button("Show").ClickAsync();
            await Expect(visit.Entries.Locator(".excerpt")).ToHaveTextAsync(texts);
        }
    }

    [Fact]
    public async Task Scope_and_expiry_are_shown_and_set()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", [ExplorerSeed.Of(1, "the cat", """{"user":"anna","kind":"fact"}""")]);
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.OpenMemoryAsync("the cat");
        await Expect(visit.Detail.Locator(".scope")).ToContainTextAsync("user: anna");

        await visit.Button("Edit").ClickAsync();
        await Expect(visit.Detail.GetByText("Now: never.")).ToBeVisibleAsync();
        await visit.Detail.GetByLabel("User").FillAsync("ben");
        await visit.Detail.GetByLabel("Project").FillAsync("atlas");
        await visit.Detail.GetByLabel("Expires", new() { Exact = true }).FillAsync("30d");
        await visit.Button("Save").ClickAsync();

        await Expect(visit.Detail.Locator(".scope").First).ToContainTextAsync("user: ben project: atlas");
        await Expect(visit.Detail.Locator(".hint").First).ToContainTextAsync("expires");
        var memory = (await server.SendAsync("GET", $"/api/v1/collections/notes/memories/{ExplorerSeed.Of(1, "").Id}")).Json;
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"user":"ben","project":"atlas","kind":"fact"}"""), memory.GetProperty("metadata")));
        Assert.True(memory.TryGetProperty("expiresAt", out _));
    }

    [Fact]
    public async Task Many_are_forgotten_at_once_after_a_look_at_each_of_them()
    {
        await using var server = await ExplorerServer.StartAsync();
        string[] texts = [.. Enumerable.Range(0, 230).Select(i => $"memory {i}")];
        await server.StoreAsync("notes", texts);
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.OpenMemoryAsync("memory 229");
        await visit.Page.GetByRole(AriaRole.Region, new() { Name = "notes" }).EvaluateAsync("list => list.scrollTop = 1e9");
        await Expect(visit.Page.GetByText("230 in all")).ToBeVisibleAsync();
        await visit.Button("Select all loaded").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Region, new() { Name = "notes" }).EvaluateAsync("list => list.scrollTop = 1e9");
        await visit.Page.GetByLabel($"Select memory {ExplorerSeed.Of(0, "").Id}").UncheckAsync();

        await visit.Button("Forget 229 selected").ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Forget these 229 memories?");
        Assert.Equal(texts.Skip(1).Order(), (await dialog.GetByRole(AriaRole.Listitem).AllTextContentsAsync()).Order());
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Forget" }).ClickAsync();

        await Expect(visit.Said).ToContainTextAsync("229 memories were forgotten.");
        Assert.Equal(1, await CountAsync(server));
        await visit.Said.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(visit.Page.GetByText("200 loaded")).ToBeVisibleAsync();
        Assert.Equal(230, await CountAsync(server));
    }

    [Fact]
    public async Task What_was_changed_after_the_look_is_not_forgotten()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", "one", "two");
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.Button("Select all loaded").ClickAsync();
        await visit.Button("Forget 2 selected").ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToBeVisibleAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("PATCH", $"/api/v1/collections/notes/memories/{ExplorerSeed.Of(0, "").Id}", """{"text":"one, corrected"}""")).Status);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Forget" }).ClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Equal("one, corrected", (await server.SendAsync("GET", $"/api/v1/collections/notes/memories/{ExplorerSeed.Of(0, "").Id}")).Json.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Edit_is_saved_and_undone_from_the_history()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key));
        await server.StoreAsync("notes", "The key rotates on Mondays.");
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.SignInAsync(ExplorerServer.Key);
        await visit.OpenMemoryAsync("The key rotates on Mondays.");

        await visit.Button("Edit").ClickAsync();
        await visit.Page.GetByLabel("Text", new() { Exact = true }).FillAsync("The key rotates on Fridays.");
        await visit.Page.GetByLabel("Metadata (JSON)").FillAsync("""{"kind": "fact"}""");
        await visit.Button("Save").ClickAsync();

        await Expect(visit.Said).ToHaveTextAsync("Saved.");
        await Expect(visit.Detail.Locator(".text").First).ToHaveTextAsync("The key rotates on Fridays.");
        await Expect(visit.Entries).ToContainTextAsync("Fridays");
        await Expect(visit.Detail).ToContainTextAsync("changed by default");

        await visit.Detail.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(visit.Detail.Locator(".text").First).ToHaveTextAsync("The key rotates on Mondays.");
        await Expect(visit.Said).ToHaveTextAsync("It is as it was before.");
    }

    [Theory]
    [InlineData("Take the other version", "Theirs.")]
    [InlineData("Save mine over it", "Mine.")]
    public async Task Another_writer_in_between_is_shown_and_nothing_is_written_over_unasked(string choice, string outcome)
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", "As it was.");
        var address = $"/api/v1/collections/notes/memories/{ExplorerSeed.Of(0, "").Id}";
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.OpenMemoryAsync("As it was.");
        await visit.Button("Edit").ClickAsync();
        await visit.Page.GetByLabel("Text", new() { Exact = true }).FillAsync("Mine.");

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("PATCH", address, """{"text":"Theirs."}""")).Status);
        await visit.Button("Save").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Somebody else changed this memory" })).ToBeVisibleAsync();
        await Expect(visit.Detail.Locator("blockquote")).ToHaveTextAsync("Theirs.");
        Assert.Equal("Theirs.", (await server.SendAsync("GET", address)).Json.GetProperty("text").GetString());
        await visit.Button(choice).ClickAsync();

        await Expect(visit.Detail.Locator("p.text").First).ToHaveTextAsync(outcome);
        Assert.Equal(outcome, (await server.SendAsync("GET", address)).Json.GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_is_forgotten_is_shown_before_and_comes_back_by_undo()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", "to stay", "to go");
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.OpenMemoryAsync("to go");

        await visit.Button("Forget").ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Forget this memory?");
        await Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(["to go"]);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(visit.Entries).ToHaveCountAsync(2);

        await visit.Button("Forget").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Forget" }).ClickAsync();
        await Expect(visit.Said).ToContainTextAsync("1 memory was forgotten.");
        await Expect(visit.Entries).ToHaveCountAsync(1);
        Assert.Equal(1, await CountAsync(server));

        await visit.Said.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(visit.Entries).ToHaveCountAsync(2);
        Assert.Equal(2, await CountAsync(server));
    }

    [Fact]
    public async Task Read_only_server_shows_no_button_that_changes_anything()
    {
        await using var server = await ExplorerServer.StartAsync(("QDRANT_READ_ONLY", "true"));
        await server.StoreAsync("notes", "one", "two");
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.OpenMemoryAsync("one");
        await Expect(visit.Page.GetByText("read-only")).ToBeVisibleAsync();

        await visit.Page.Keyboard.PressAsync("e");
        await visit.Page.Keyboard.PressAsync("#");

        foreach (var name in (string[])["Edit", "Forget", "Undo", "Save", "Import"])
            await Expect(visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new($"^{name}") })).ToHaveCountAsync(0);
        await Expect(visit.Page.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(0);
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task All_is_done_by_keys()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", "first", "second", "third");
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await Expect(visit.Entries).ToHaveCountAsync(3);
        var (keys, text) = (visit.Page.Keyboard, visit.Detail.Locator("p.text").First);

        await keys.PressAsync("/");
        await Expect(visit.Page.GetByLabel("Search", new() { Exact = true })).ToBeFocusedAsync();
        // In a field a letter is a letter.
        await keys.PressAsync("j");
        await Expect(visit.Page.GetByLabel("Search", new() { Exact = true })).ToHaveValueAsync("j");
        await keys.PressAsync("Backspace");
        await keys.PressAsync("Enter");
        await visit.Page.EvaluateAsync("document.activeElement.blur()");

        await keys.PressAsync("j");
        await Expect(text).ToHaveTextAsync("third");
        await keys.PressAsync("j");
        await Expect(text).ToHaveTextAsync("second");
        await keys.PressAsync("k");
        await Expect(text).ToHaveTextAsync("third");

        await keys.PressAsync("e");
        await Expect(visit.Page.GetByLabel("Text", new() { Exact = true })).ToBeFocusedAsync();
        await keys.TypeAsync("!");
        await visit.Button("Cancel").ClickAsync();
        await Expect(text).ToHaveTextAsync("third");

        await keys.PressAsync("#");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Forget this memory?");
        await keys.PressAsync("Escape");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await keys.PressAsync("?");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("next memory");
        await keys.PressAsync("Escape");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await keys.PressAsync("Escape");
        await Expect(visit.Detail).ToBeHiddenAsync();
    }

    internal static async Task<int> CountAsync(ExplorerServer server, string collection = "notes") =>
        (await server.SendAsync("GET", $"/api/v1/collections/{collection}")).Json.GetProperty("memories").GetInt32();
}
