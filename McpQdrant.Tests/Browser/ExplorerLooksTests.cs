using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using McpQdrant.Tests.Server.Explorer;
using Microsoft.Playwright;
using static McpQdrant.Tests.Browser.Visit;

namespace McpQdrant.Tests.Browser;

/// <summary>The Explorer can be read and used by everybody: WCAG 2.2 AA as far as axe-core sees it, and phones.</summary>
[Collection(BrowserTests.Name)]
public sealed class ExplorerLooksTests(Chromium chromium)
{
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    private static readonly string LongWord = new('w', 300);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Every_page_passes_axe_and_none_is_wider_than_the_screen(bool isDark, bool isPhone)
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key));
        await server.StoreAsync("notes", [
            .. Enumerable.Range(0, 30).Select(i => ExplorerSeed.Of(i, $"Memory {i} about the deployment.", """{"kind":"fact","lang":"en"}""")),
            ExplorerSeed.Of(40, LongWord, JsonSerializer.Serialize(new Dictionary<string, string> { [LongWord] = LongWord }))]);
        await server.StoreAsync(LongWord[..200], "one");
        await using var visit = await StartAsync(chromium, server.Server.Address, (isPhone ? Look.Phone : Look.Desk) with { IsDark = isDark });
        var page = visit.Page;

        await Expect(visit.Button("Sign in")).ToBeVisibleAsync();
        await CheckAsync(page, "sign in");
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync("wrong");
        await visit.Button("Sign in").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The key is not known here.");
        await CheckAsync(page, "sign in refused");

        await visit.SignInAsync(ExplorerServer.Key);
        await CheckAsync(page, "collections");
        await page.GetByRole(AriaRole.Link, new() { Name = "Health" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        await CheckAsync(page, "health");
        await page.GetByRole(AriaRole.Link, new() { Name = "Collections" }).ClickAsync();
        await visit.Button("Import").ClickAsync();
        await CheckAsync(page, "import");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Link, new() { Name = "notes", Exact = true }).ClickAsync();
        await Expect(visit.Entries.First).ToBeVisibleAsync();
        await CheckAsync(page, "list");
        await page.GetByText("Filters").ClickAsync();
        await CheckAsync(page, "filters");
        await page.GetByText("Filters").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Map" }).ClickAsync();
        await Expect(page.Locator(".map circle").First).ToBeVisibleAsync();
        await CheckAsync(page, "map");
        await page.GetByRole(AriaRole.Button, new() { Name = "Merge these" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await CheckAsync(page, "merge");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Link, new() { Name = "As a list" }).ClickAsync();
        await Expect(visit.Entries.First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await CheckAsync(page, "selected");
        await visit.OpenMemoryAsync(LongWord);
        await Expect(visit.Detail).ToContainTextAsync("History");
        await CheckAsync(page, "memory");
        await visit.Button("Edit").ClickAsync();
        await CheckAsync(page, "edit");
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("Another text.");
        await visit.Button("Save").ClickAsync();
        await visit.Detail.GetByText("Before").ClickAsync();
        await CheckAsync(page, "history");
        await visit.Detail.GetByRole(AriaRole.Button, new() { Name = "Forget" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await CheckAsync(page, "forget");
        await page.Keyboard.PressAsync("Escape");
        await visit.Button("Keys").ClickAsync();
        await CheckAsync(page, "keys");
    }

    private static async Task CheckAsync(IPage page, string view)
    {
        var found = await page.RunAxe(Rules);
        Assert.True(found.Violations.Length == 0, $"{view}: {string.Join('\n', found.Violations.Select(violation => $"{violation.Id} {violation.Help}: {string.Join("; ", violation.Nodes.Select(node => node.Html))}"))}");
        Assert.True(found.Passes.Length > 10, view);
        var (wide, screen) = (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await page.EvaluateAsync<int>("document.documentElement.clientWidth"));
        Assert.True(wide <= screen, $"{view} is {wide} wide on a screen of {screen}");
    }
}
