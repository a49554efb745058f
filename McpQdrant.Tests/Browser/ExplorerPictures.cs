using System.Net;
using System.Text;
using McpQdrant.Tests.Deployment;
using McpQdrant.Tests.Server.Explorer;
using Microsoft.Playwright;
using static McpQdrant.Tests.Browser.Visit;

namespace McpQdrant.Tests.Browser;

/// <summary>The pictures of the documentation, written where <c>EXPLORER_PICTURES</c> names a folder: the same memories, times and sizes each time.</summary>
[Collection(BrowserTests.Name)]
public sealed class ExplorerPictures(Chromium chromium)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("EXPLORER_PICTURES") is { Length: > 0 } named ? Repository.File(named) : null;

    private static readonly (string Text, string Kind, string Project)[] Kept =
    [
        ("The deploy key rotates on Mondays, before the first build.", "fact", "atlas"),
        ("Staging runs on host db7 since the move.", "fact", "atlas"),
        ("Logs are kept for thirty days, audit logs for a year.", "rule", "billing"),
        ("Invoices are written in the currency of the customer.", "decision", "billing"),
        ("The gateway times out after thirty seconds; long reports go to the queue.", "fact", "atlas"),
        ("Feature flags live in config/flags.yaml.", "how-to", "atlas"),
        ("Anna decides what goes into a release.", "person", "atlas"),
        ("Backups are checked by restoring them every month.", "how-to", "billing"),
        ("The nightly build uses the cache of the last green one.", "fact", "atlas"),
        ("Never retry a payment without its idempotency key.", "rule", "billing"),
    ];

    /// <summary>More of the same kinds for the map, with one fact in two wordings.</summary>
    private static readonly (string Text, string Kind, string Project)[] More =
    [
        .. Kept,
        ("The staging host is db7 since the move.", "fact", "atlas"),
        ("Deploys stop on Fridays at noon.", "rule", "atlas"),
        ("A deploy is rolled back by the tag before it.", "how-to", "atlas"),
        ("The release branch is cut on the first of the month.", "fact", "atlas"),
        ("Release notes are written from the changelog.", "how-to", "atlas"),
        ("Anna approves releases, and Ben does where she is away.", "person", "atlas"),
        ("Ben knows the build machines best.", "person", "atlas"),
        ("The build fails where a test is skipped without a reason.", "rule", "atlas"),
        ("Refunds above a hundred euros need a second person.", "rule", "billing"),
        ("Carla answers questions about invoices.", "person", "billing"),
        ("An invoice is numbered when it is sent, not when it is written.", "decision", "billing"),
        ("Payments are settled every night at two.", "fact", "billing"),
        ("A refund is booked to the card that was charged.", "fact", "billing"),
        ("Customers in Switzerland get invoices in francs.", "decision", "billing"),
        ("The payment provider's test cards expire in December.", "fact", "billing"),
        ("Old backups are removed after ninety days.", "rule", "billing"),
        ("A backup is restored into an empty database first.", "how-to", "billing"),
        ("The database is vacuumed on Sundays.", "fact", "atlas"),
        ("Slow queries are logged from half a second on.", "fact", "atlas"),
        ("Indexes are added without a lock.", "how-to", "atlas"),
    ];

    [Fact]
    public async Task Are_taken_where_a_folder_is_named()
    {
        Assert.SkipWhen(Folder is null, "EXPLORER_PICTURES names no folder.");
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key), ("EMBEDDING_MODEL_PATH", ""));
        await ImportAsync(server, "notes", Kept);
        await ImportAsync(server, "team", More);

        await using (var visit = await StartAsync(chromium, server.Server.Address, new Look { Width = 1200, Height = 660 }, "/#/notes"))
        {
            await visit.SignInAsync(ExplorerServer.Key);
            await visit.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("when does the key change?");
            await visit.Page.Keyboard.PressAsync("Enter");
            await visit.OpenMemoryAsync(Kept[0].Text);
            await Expect(visit.Detail).ToContainTextAsync("History");
            await TakeAsync(visit, "explorer-light.png");
        }
        await using (var visit = await StartAsync(chromium, server.Server.Address, Look.Phone with { IsDark = true }, "/#/notes"))
        {
            await visit.SignInAsync(ExplorerServer.Key);
            await Expect(visit.Entries.First).ToBeVisibleAsync();
            await TakeAsync(visit, "explorer-phone-dark.png");
        }
        await using (var visit = await StartAsync(chromium, server.Server.Address, new Look { Width = 1200, Height = 660 }, "/#/team/map"))
        {
            await visit.SignInAsync(ExplorerServer.Key);
            await visit.Page.GetByLabel("Colour by").SelectOptionAsync("kind");
            await Expect(visit.Page.Locator(".map circle")).ToHaveCountAsync(More.Length);
            await TakeAsync(visit, "explorer-map.png");
        }
    }

    private static async Task ImportAsync(ExplorerServer server, string collection, IReadOnlyList<(string Text, string Kind, string Project)> memories)
    {
        var begin = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var lines = memories.Select((kept, i) =>
            $$"""{"text": "{{kept.Text}}", "metadata": {"kind": "{{kept.Kind}}", "project": "{{kept.Project}}"}, "created": "{{begin.AddHours(5 * i):yyyy-MM-ddTHH:mm:ssZ}}"}""");
        var answer = await server.SendAsync("POST", $"/api/v1/collections/{collection}/import", prepare: request =>
        {
            request.Headers.Add("X-API-Key", ExplorerServer.Key);
            request.Content = new StringContent(string.Join('\n', lines), Encoding.UTF8);
        });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
    }

    private static async Task TakeAsync(Visit visit, string name)
    {
        // Nothing blinks, and no field is marked.
        await visit.Page.EvaluateAsync("document.activeElement?.blur()");
        await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder!, name), Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
    }
}
