using System.Text;
using System.Text.Json;
using McpQdrant.Tests.Server.Explorer;
using Microsoft.Playwright;
using static McpQdrant.Tests.Browser.Visit;

namespace McpQdrant.Tests.Browser;

/// <summary>Memories taken along and brought by the page, its page of health, and a collection of a hundred thousand.</summary>
[Collection(BrowserTests.Name)]
public sealed class ExplorerTransferTests(Chromium chromium)
{
    [Fact]
    public async Task Export_is_a_file_of_what_the_filters_leave_and_import_takes_it()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key));
        await server.StoreAsync("notes", [ExplorerSeed.Of(1, "a fact", """{"kind":"fact"}"""), ExplorerSeed.Of(2, "a plan", """{"kind":"plan"}""")]);
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await visit.SignInAsync(ExplorerServer.Key);
        await visit.Page.GetByText("Filters").ClickAsync();
        await visit.Page.GetByLabel("Metadata").FillAsync("kind=plan");
        await visit.Button("Show").ClickAsync();
        await Expect(visit.Entries).ToHaveCountAsync(1);

        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByRole(AriaRole.Link, new() { Name = "Export" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal("notes.jsonl", download.SuggestedFilename);
        Assert.Equal("a plan", JsonElement.Parse(lines[1]).GetProperty("text").GetString());
        Assert.Equal(2, lines.Length);

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Collections" }).ClickAsync();
        await visit.Button("Import").ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Collection").FillAsync("copied");
        await dialog.GetByLabel("File").SetInputFilesAsync(await download.PathAsync());
        await dialog.GetByLabel("Only say").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("It would be: 1 stored");
        await dialog.GetByLabel("Only say").UncheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("1 stored, 0 replaced, 0 left as they were, 0 skipped");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(visit.Entries).ToContainTextAsync("a plan");
    }

    [Fact]
    public async Task Import_shows_how_far_it_is_and_what_was_skipped()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", "one");
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        // What the page shows goes by too fast to be looked at: it is written down.
        await visit.Page.EvaluateAsync("""
            window.steps = [];
            new MutationObserver(() => { const bar = document.querySelector("dialog progress"); if (bar) steps.push([bar.value, bar.max, document.querySelector("dialog [role=status]").textContent]); })
              .observe(document.getElementById("dialogs"), { childList: true, subtree: true, characterData: true, attributes: true });
            """);
        var lines = string.Concat(Enumerable.Range(0, 5000).Select(i => JsonSerializer.Serialize(new { text = $"the cat {i}" }) + "\n")) + "{\"text\": 5}\n";

        await visit.Button("Import").ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("File").SetInputFilesAsync(new FilePayload { Name = "notes.jsonl", MimeType = "application/x-ndjson", Buffer = Encoding.UTF8.GetBytes(lines) });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();

        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("5,000 stored, 0 replaced, 0 left as they were, 1 skipped", new() { Timeout = 120_000 });
        await Expect(dialog.Locator(".skipped")).ToContainTextAsync("line 5001");
        var steps = await visit.Page.EvaluateAsync<string[]>("[...new Set(steps.map(step => step[2]))].filter(text => / read$/.test(text))");
        Assert.True(steps.Length >= 2, string.Join('|', steps));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(visit.Page.GetByText("200 loaded")).ToBeVisibleAsync();
        Assert.Equal(5001, await ExplorerVisitTests.CountAsync(server));
    }

    [Fact]
    public async Task Health_and_figures_are_on_a_page()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", "one", "two");
        await server.StoreAsync("others", "three");
        await using var visit = await StartAsync(chromium, server.Server.Address);

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Health" }).ClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "store" })).ToContainTextAsync("works");
        await Expect(visit.Page.Locator("dt:text-is('Memories') + dd")).ToHaveTextAsync("3");
        await Expect(visit.Page.Locator("dt:text-is('Collections') + dd")).ToHaveTextAsync("2");
        await Expect(visit.Page.Locator("dt:text-is('You may') + dd")).ToContainTextAsync("forget");
    }

    [Fact]
    public async Task A_hundred_thousand_memories_are_scrolled_to_their_end_with_few_rows_on_the_page()
    {
        const int Many = 100_000;
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", [.. Enumerable.Range(0, Many).Select(i => ExplorerSeed.Of(i, $"memory {i}"))]);
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");
        await Expect(visit.Entries.First).ToContainTextAsync($"memory {Many - 1}");

        var most = await visit.Page.EvaluateAsync<int>("""
            async () => {
              const list = document.querySelector(".list");
              let most = 0;
              while (!document.querySelector(".browse [role=status]").textContent.includes("in all")) {
                list.scrollTop = list.scrollHeight;
                most = Math.max(most, list.querySelectorAll("li").length);
                await new Promise(requestAnimationFrame);
              }
              list.scrollTop = list.scrollHeight;
              await new Promise(requestAnimationFrame);
              return most;
            }
            """);

        await Expect(visit.Page.GetByText("100,000 in all, the newest first")).ToBeVisibleAsync();
        await Expect(visit.Entries.Last).ToContainTextAsync("memory 0");
        Assert.InRange(most, 10, 60);
        await visit.Entries.Last.ClickAsync();
        await Expect(visit.Detail.Locator("p.text").First).ToHaveTextAsync("memory 0");
        await visit.Page.Keyboard.PressAsync("k");
        await Expect(visit.Detail.Locator("p.text").First).ToHaveTextAsync("memory 1");
        await visit.Page.GetByRole(AriaRole.Region, new() { Name = "notes" }).EvaluateAsync("list => list.scrollTop = list.scrollHeight / 2");
        await Expect(visit.Entries.Filter(new() { HasTextRegex = new("memory (499|500)\\d\\d") }).First).ToBeVisibleAsync();
    }
}
