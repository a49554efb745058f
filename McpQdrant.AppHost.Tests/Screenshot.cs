using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace McpQdrant.AppHost.Tests;

/// <summary>A picture of the dashboard for the README, where <c>DASHBOARD_SCREENSHOT</c> names a file for it. Chromium takes it.</summary>
internal static class Screenshot
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>The page comes over a web socket, long after it is loaded: so its text says when it is there.</summary>
    /// <param name="url">The page.</param>
    /// <param name="text">What must be on it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task TakeAsync(string url, string text, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("DASHBOARD_SCREENSHOT") is not { Length: > 0 } file)
            return;

        var program = Browsers.Select(ProgramOnPath.Find).FirstOrDefault(program => program is not null);
        Assert.True(program is not null, $"DASHBOARD_SCREENSHOT is set, and none of {string.Join(", ", Browsers)} is on the PATH.");
        var profile = Directory.CreateTempSubdirectory("mcpqdrant-");
        var port = AppHostProcess.FreePort();
        using var browser = Process.Start(program!, [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-proxy-server", "--window-size=1280,520",
            $"--user-data-dir={profile.FullName}", $"--remote-debugging-port={port}", url]);
        try
        {
            using var page = await ConnectAsync($"http://127.0.0.1:{port}", cancellationToken);
            while ((bool?)(await CallAsync(page, "Runtime.evaluate", new() { ["expression"] = $"document.body.innerText.includes('{text}')" }, cancellationToken))["result"]!["value"] != true)
                await Task.Delay(100, cancellationToken);

            var picture = await CallAsync(page, "Page.captureScreenshot", [], cancellationToken);
            await File.WriteAllBytesAsync(file, Convert.FromBase64String((string)picture["data"]!), cancellationToken);
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync(cancellationToken);
            profile.Delete(recursive: true);
        }
    }

    private static async Task<ClientWebSocket> ConnectAsync(string address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        await http.WaitForAnswerAsync($"{address}/json/version", cancellationToken);
        var pages = await http.GetFromJsonAsync<JsonArray>($"{address}/json/list", cancellationToken);
        var page = pages!.Single(page => (string?)page!["type"] == "page");

        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri((string)page!["webSocketDebuggerUrl"]!), cancellationToken);
        return socket;
    }

    private static async Task<JsonNode> CallAsync(ClientWebSocket page, string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var call = new JsonObject { ["id"] = 1, ["method"] = method, ["params"] = parameters };
        await page.SendAsync(System.Text.Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

        using var answer = new MemoryStream();
        var buffer = new byte[65536];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await page.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            answer.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        return JsonNode.Parse(answer.ToArray())!["result"]!;
    }
}
