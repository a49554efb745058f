using System.Text.Json;
using McpQdrant.Tests.Server.Explorer;
using Microsoft.Playwright;
using static McpQdrant.Tests.Browser.Visit;

namespace McpQdrant.Tests.Browser;

/// <summary>What others stored, and pages of others, gain nothing from somebody who looks at the Explorer.</summary>
[Collection(BrowserTests.Name)]
public sealed class ExplorerAttackTests(Chromium chromium)
{
    private const string Effect = "document.title='taken';alert(1)";

    private static readonly string[] Payloads =
    [
        $"<script>{Effect}</script>",
        $"<img src=x onerror=\"{Effect}\">",
        $"<svg/onload=\"{Effect}\">",
        $"\"><iframe srcdoc=\"<script>parent.{Effect}</script>\"></iframe>",
        $"<details open ontoggle=\"{Effect}\">",
        $"javascript:{Effect}",
        $"'-{Effect}-'",
        $"</p></li></textarea></title><style>*{{display:none}}</style><a href=\"javascript:{Effect}\" autofocus onfocus=\"{Effect}\">x</a>",
        "{{constructor.constructor('alert(1)')()}}",
    ];

    /// <summary>Collections can't have all of the signs; entities would become them where a name was taken for HTML.</summary>
    private const string HostileName = "&lt;img src=x onerror=alert(1)&gt; javascript&colon;alert(1) ' onload='alert(1)";

    [Fact]
    public async Task Script_in_texts_metadata_and_names_of_collections_stays_text_wherever_it_is_shown()
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync(HostileName, [.. Payloads.Select((payload, i) => ExplorerSeed.Of(i, payload, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            [payload] = payload,
            ["__proto__"] = payload,
            ["nested"] = new Dictionary<string, string> { [payload] = payload },
            ["user"] = payload,
        })))]);
        await using var visit = await StartAsync(chromium, server.Server.Address);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = HostileName, Exact = true }).ClickAsync();
        await Expect(visit.Entries).ToHaveCountAsync(Payloads.Length);

        foreach (var payload in Payloads)
        {
            await visit.OpenMemoryAsync(payload);
            await Expect(visit.Detail.Locator("dt").First).ToHaveTextAsync(payload);
            await Expect(visit.Detail.Locator(".scope").First).ToContainTextAsync(payload);
            await visit.Button("Edit").ClickAsync();
            await Expect(visit.Page.GetByLabel("Text", new() { Exact = true })).ToHaveValueAsync(payload);
            await visit.Page.GetByLabel("Text", new() { Exact = true }).FillAsync(payload + " ");
            await visit.Button("Save").ClickAsync();
            await visit.Detail.GetByText("Before").ClickAsync();
            await Expect(visit.Detail.Locator("details p.text")).ToHaveTextAsync(payload);
            await visit.Detail.GetByRole(AriaRole.Button, new() { Name = "Forget" }).ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Listitem)).ToContainTextAsync(payload);
            await visit.Page.Keyboard.PressAsync("Escape");
        }
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Map" }).ClickAsync();
        await Expect(visit.Page.Locator(".map circle")).ToHaveCountAsync(Payloads.Length);
        await visit.Page.GetByLabel("Colour by").SelectOptionAsync("user");
        await Expect(visit.Page.Locator(".legend")).ToContainTextAsync("<script>");
        await AssertUntouchedAsync(visit.Page);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "As a list" }).ClickAsync();
        // What the server says of a wrong value has the value in it.
        await visit.Page.GetByText("Filters").ClickAsync();
        await visit.Page.GetByLabel("Since").FillAsync(Payloads[1]);
        await visit.Button("Show").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("since");

        await AssertUntouchedAsync(visit.Page);
    }

    /// <summary>A file is named by whoever sent it to somebody; what is wrong with it is said with its name.</summary>
    [Theory]
    [InlineData("<img src=x onerror=alert(1)>.csv", "text\n\"a\" b\n")]
    [InlineData("<svg onload=alert(1)>.jsonl", "{\"text\": 1}\n<script>alert(1)</script>")]
    [InlineData("<script>alert(1).md", "<script>alert(1)</script><img src=x onerror=alert(1)>")]
    public async Task Script_in_the_name_of_a_file_and_in_what_is_in_it_stays_text(string name, string content)
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", "one");
        await using var visit = await StartAsync(chromium, server.Server.Address, path: "/#/notes");

        await visit.Button("Import").ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("File").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/html", Buffer = System.Text.Encoding.UTF8.GetBytes(content) });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        await Expect(dialog.Locator("[role=alert]:not(:empty), [role=status]", new() { HasTextRegex = new("Taken for|line|row|quot|JSON", System.Text.RegularExpressions.RegexOptions.IgnoreCase) })).ToBeVisibleAsync();

        await AssertUntouchedAsync(visit.Page);
    }

    [Theory]
    [InlineData("/#/<img src=x onerror=alert(1)>")]
    [InlineData("/#/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/#javascript:alert(1)")]
    [InlineData("/#/%E0%A4%A")]
    [InlineData("/?key=<script>alert(1)</script>#/x")]
    public async Task Address_that_somebody_was_lured_to_runs_nothing(string path)
    {
        await using var server = await ExplorerServer.StartAsync();
        await server.StoreAsync("notes", "one");
        await using var visit = await StartAsync(chromium, server.Server.Address, path: path);

        await Expect(visit.Page.Locator("#main .problem:not(:empty), .card")).Not.ToHaveCountAsync(0);

        await AssertUntouchedAsync(visit.Page);
    }

    /// <summary>Another port of the same machine is the same site for a browser, so it sends the cookie: the hardest case.</summary>
    [Fact]
    public async Task Page_of_another_origin_changes_nothing_reads_nothing_and_frames_nothing()
    {
        await using var server = await ExplorerServer.StartAsync(("MCP_API_KEY", ExplorerServer.Key));
        await server.StoreAsync("notes", "secret of this server");
        await using var visit = await StartAsync(chromium, server.Server.Address);
        await visit.SignInAsync(ExplorerServer.Key);
        var target = server.Server.Address;
        var evil = await visit.Page.Context.NewPageAsync();
        await evil.RouteAsync("**/evil", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html",
            Body = $"""<form method="post" enctype="text/plain" action="{target}api/v1/collections/notes/memories"><input name='{"{"}"text":"planted","metadata":{"{"}"a":"' value='b"{"}}"}'></form><iframe src="{target}"></iframe>""",
        }));
        await evil.GotoAsync($"http://127.0.0.1:{(target.Port == 65535 ? 1024 : target.Port + 1)}/evil");

        var outcomes = await evil.EvaluateAsync<string[]>(
            """
            async target => {
              const attempts = [
                ["POST", "api/v1/collections/notes/memories", "text/plain"], ["POST", "api/v1/collections/notes/memories", "application/json"],
                ["DELETE", "api/v1/collections/notes/memories/00000000-0000-0000-8000-000000000000", null], ["GET", "api/v1/collections/notes/memories", null],
                ["GET", "explorer/session", null], ["DELETE", "explorer/session", null], ["GET", "api/v1/collections/notes/export", null]];
              const outcomes = [];
              for (const mode of ["cors", "no-cors"])
                for (const [method, path, type] of attempts)
                  try {
                    const answer = await fetch(target + path, { method, mode, credentials: "include", headers: type ? { "Content-Type": type } : {}, body: type ? '{"text":"planted"}' : undefined });
                    outcomes.push(await answer.text());
                  } catch (failure) { outcomes.push("failed"); }
              return outcomes;
            }
            """, target.ToString());

        Assert.Equal(14, outcomes.Length);
        Assert.All(outcomes, outcome => Assert.DoesNotMatch("secret|csrf|planted", outcome));
        Assert.DoesNotContain("Memories", await evil.Frames[1].ContentAsync(), StringComparison.Ordinal);
        await Task.WhenAll(evil.WaitForURLAsync(new System.Text.RegularExpressions.Regex("/api/v1/")), evil.EvaluateAsync("document.forms[0].submit()"));
        // The session is there still, and nothing else.
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.Locator(".card")).ToContainTextAsync("1 memory");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "notes" }).ClickAsync();
        await Expect(visit.Entries).ToContainTextAsync("secret of this server");
        await evil.CloseAsync();
    }

    private static async Task AssertUntouchedAsync(IPage page)
    {
        Assert.NotEqual("taken", await page.TitleAsync());
        Assert.Equal(1, await page.EvaluateAsync<int>("document.scripts.length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('img, iframe, object, embed, style, svg:not(.map), [onerror], [onload], [onfocus], a[href^=\"javascript:\" i]').length"));
    }
}
