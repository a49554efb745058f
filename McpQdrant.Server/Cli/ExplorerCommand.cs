using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Authentication.Sessions;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Http;

namespace McpQdrant.Server.Cli;

/// <summary><c>explorer</c>: the page for people, for whoever started it alone, as long as it runs.</summary>
internal static class ExplorerCommand
{
    public static Command Create()
    {
        var noBrowser = new Option<bool>("--no-browser") { Description = "Prints the address, and opens nothing." };
        var command = new Command("explorer", "Opens a page on which you look at the memories and mend them. It is served on this machine alone, until ctrl-C.") { noBrowser };
        command.SetAction((result, settings, _) => ServeCommand.GuardAsync(result, settings, () => RunAsync(result, settings, opensBrowser: !result.GetValue(noBrowser))));
        return command;
    }

    private static async Task RunAsync(ParseResult result, SettingValues settings, bool opensBrowser)
    {
        // Others on this machine reach the port too. Nobody knows the key; the code opens one session with it.
        var (key, code) = (NewKey.For("explorer").Key, new OneTimeCode());
        // A port that is set elsewhere is the server's, which may run beside this.
        var port = settings.Source(Settings.Port).Origin == SettingOrigin.CommandLine ? settings.Get(Settings.Port) ?? 0 : 0;
        var address = new ListenAddress("http", "127.0.0.1", port);
        await using var app = ServeCommand.BuildHttp(settings, ServeCommand.HttpOptionsOf(settings) with
        {
            Urls = [address.ToString()],
            Authentication = new CallerAuthenticationOptions { ApiKey = key, SignInCode = code },
            RequestsPerMinute = 0,
            AllowedOrigins = [],
            AllowedHosts = [],
            TrustedProxies = [],
            LegacySse = false,
            Rest = true,
            Explorer = true,
        });
        await ServeCommand.StartAsync(app, [address]);

        var url = $"{HttpServer.Addresses(app)[0]}/#code={code.Text}";
        var output = result.InvocationConfiguration.Output;
        await output.WriteLineAsync(
            $"""
            The Explorer shows the memories in {StoreLocation.From(settings)}

              {url}

            The address is good for one sign-in. Ctrl-C ends it.
            """);
        if (opensBrowser && !Open(url))
            await output.WriteLineAsync("No browser could be started: open the address yourself.");
        await app.WaitForShutdownAsync();
    }

    /// <summary>By what the system opens addresses with.</summary>
    private static bool Open(string url)
    {
        // Without a screen, what opens addresses would take over the terminal.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("DISPLAY") is null && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is null)
            return false;
        try
        {
            using var started = Process.Start(new ProcessStartInfo(url) { UseShellExecute = true });
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
