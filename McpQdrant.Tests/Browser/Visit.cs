using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace McpQdrant.Tests.Browser;

/// <summary>How somebody looks at the page.</summary>
internal sealed record Look
{
    public static readonly Look Desk = new();
    public static readonly Look Phone = new() { Width = 360, Height = 740, IsPhone = true };

    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 800;

    public bool IsDark { get; init; }

    public bool IsPhone { get; init; }
}

/// <summary>Somebody's visit to the page. It ends as failed where a script failed, the policy refused something, a dialog of the browser came up, or others were asked for anything.</summary>
internal sealed partial class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _problems = [];

    private Visit(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page) = (context, page);
        page.SetDefaultTimeout(30_000);
        page.Console += (_, message) => Note(message.Type is "error" or "warning" && !AnswerInConsole().IsMatch(message.Text), $"console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        page.Request += (_, request) => Note(!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal), $"asked others: {request.Url}");
        page.Dialog += async (_, dialog) =>
        {
            Note(true, $"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public static async Task<Visit> StartAsync(Chromium chromium, Uri address, Look? look = null, string path = "/")
    {
        look ??= Look.Desk;
        var context = await chromium.OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            HasTouch = look.IsPhone,
            IsMobile = look.IsPhone,
            Locale = "en-GB",
            TimezoneId = "Europe/London",
            ReducedMotion = ReducedMotion.Reduce,
        });
        var visit = new Visit(context, await context.NewPageAsync(), address);
        await visit.Page.GotoAsync(new Uri(address, path).ToString());
        return visit;
    }

    public async Task SignInAsync(string key)
    {
        await Page.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The memories of the list that are on the page, as far as one scrolled.</summary>
    public ILocator Entries => Page.Locator(".rows .entry");

    public ILocator Detail => Page.Locator(".detail");

    /// <summary>What the page says last, for screen readers too.</summary>
    public ILocator Said => Page.Locator("#status");

    public async Task OpenMemoryAsync(string text)
    {
        await Entries.Filter(new() { Has = Page.GetByText(text, new() { Exact = true }) }).ClickAsync();
        await Expect(Detail.Locator("p.text").First).ToHaveTextAsync(text);
    }

    public static ILocatorAssertions Expect(ILocator what) => Assertions.Expect(what);

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        lock (_problems)
            Assert.True(_problems.Count == 0, string.Join('\n', _problems));
    }

    private void Note(bool isProblem, string what)
    {
        if (!isProblem)
            return;
        lock (_problems)
            _problems.Add(what);
    }

    /// <summary>Chromium writes each answer of 400 and more into the console; the page has its sentence.</summary>
    [GeneratedRegex("^Failed to load resource: the server responded with a status of 4")]
    private static partial Regex AnswerInConsole();
}
