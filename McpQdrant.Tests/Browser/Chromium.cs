using Microsoft.Playwright;

namespace McpQdrant.Tests.Browser;

/// <summary>The tests that look at the Explorer with the eyes of people: one browser for all of them, one test after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Chromium>
{
    public const string Name = "Browser";
}

/// <summary>A Chromium of the system, as Debian packages it. It starts with the first test that visits a page.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string Program = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";

    /// <summary>Set where a browser has to be there, so that the tests fail without one instead of being skipped.</summary>
    private static readonly bool IsRequired = Environment.GetEnvironmentVariable("CHROMIUM_REQUIRED") == "true";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A browser's window that knows nothing yet: no cookies, no cache.</summary>
    internal async Task<IBrowserContext> OpenAsync(BrowserNewContextOptions options)
    {
        if (_browser is null)
        {
            Assert.SkipWhen(!IsRequired && Problem() is not null, Problem() ?? "");
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"] });
        }
        return await _browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string? Problem() =>
        !File.Exists(Program) ? $"There is no {Program}. Install Debian's chromium, or name another one in CHROMIUM."
        : !Directory.Exists(Path.Combine(AppContext.BaseDirectory, ".playwright")) ? "The browser's driver is not beside these tests, as where they were published."
        : null;
}
