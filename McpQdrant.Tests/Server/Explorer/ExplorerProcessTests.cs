using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using McpQdrant.Tests.Browser;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Server.Explorer;

/// <summary>The command <c>explorer</c> without a browser.</summary>
public sealed class ExplorerProcessTests
{
    [Fact]
    public async Task Nobody_is_in_without_the_code_and_guesses_are_refused()
    {
        using var folder = new TemporaryFolder();
        await using var process = ServerProcess.Start(["explorer", "--no-browser"], ExplorerCommandTests.Environment(folder));
        var address = await ExplorerCommandTests.AddressAsync(process);
        using var client = new HttpClient { BaseAddress = new Uri(address.GetLeftPart(UriPartial.Authority)), Timeout = ServerProcess.Patience };

        Assert.True(address.IsLoopback);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/api/v1", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync(new Uri("/mcp", UriKind.Relative), new StringContent("{}", Encoding.UTF8, "application/json"))).StatusCode);
        foreach (var body in (string[])["""{"code":""}""", """{"code":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", """{"key":"x"}"""])
            Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(body));
        foreach (var body in (string[])["{}", """{"code":null}""", """{"code":"x","key":"y"}"""])
            Assert.Equal(HttpStatusCode.BadRequest, await SignInAsync(body));

        var code = address.Fragment["#code=".Length..];
        var sameTime = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SignInAsync($$"""{"code":"{{code}}"}""")));
        Assert.Single(sameTime, HttpStatusCode.OK);
        Assert.All(sameTime.Where(status => status != HttpStatusCode.OK), status => Assert.Equal(HttpStatusCode.Unauthorized, status));

        Assert.DoesNotContain(code, process.Errors, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            process.Signal(PosixSignal.SIGTERM);
            Assert.Equal(0, await process.WaitForExitAsync());
        }

        async Task<HttpStatusCode> SignInAsync(string body) =>
            (await client.PostAsync(new Uri("/explorer/session", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode;
    }

    [Fact]
    public async Task Opens_the_address_with_what_the_system_opens_addresses_with()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no xdg-open that could be stood in for.");
        using var folder = new TemporaryFolder();
        var opener = folder.Write("xdg-open", "#!/bin/sh\necho \"$1\" > \"$OPENED.part\" && mv \"$OPENED.part\" \"$OPENED\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var environment = ExplorerCommandTests.Environment(folder);
        environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        environment["DISPLAY"] = ":0";
        environment["OPENED"] = folder.File("opened");
        await using var process = ServerProcess.Start(["explorer"], environment);

        var address = await ExplorerCommandTests.AddressAsync(process);

        using var patience = new CancellationTokenSource(ServerProcess.Patience);
        while (!File.Exists(folder.File("opened")))
            await Task.Delay(20, patience.Token);
        Assert.Equal(address.ToString(), (await File.ReadAllTextAsync(folder.File("opened"))).Trim());
    }
}
