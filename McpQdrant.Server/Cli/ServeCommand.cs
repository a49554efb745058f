using System.CommandLine;
using System.Net.Sockets;
using McpQdrant.Core.Access;
using McpQdrant.Core.Telemetry;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Authentication.OAuth;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Hosting.Observability;
using McpQdrant.Server.Http;
using McpQdrant.Server.Mcp;
using McpQdrant.Server.Mcp.Stdio;
using McpQdrant.ServiceDefaults;

namespace McpQdrant.Server.Cli;

/// <summary>What the program does without a command: serves memories to MCP clients.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(ParseResult _, SettingValues settings, CancellationToken cancellationToken) =>
        settings.Get(Settings.Transport) switch
        {
            TransportKind.Stdio => await ServeStdioAsync(settings),
            _ => await ServeHttpAsync(settings),
        };

    private static async Task<int> ServeStdioAsync(SettingValues settings)
    {
        if (!StandardInput.IsOpen)
        {
            await Console.Error.WriteLineAsync(StandardInput.IsClosed);
            return ExitCode.Failure;
        }
        using var stopping = new StopSignals();

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = McpServices.ServerName });
        builder.Logging.AddServerLogging(settings.Get(Settings.LogFormat), settings.Get(Settings.LogLevel));
        builder.ConfigureOpenTelemetry(MemoryTelemetry.Sources);
        builder.Services.AddMemoryServer(settings, Caller.Local);
        using var host = builder.Build();

        await host.StartAsync(CancellationToken.None);
        Announcement.Log(host.Services, settings);
        var isWhole = await StdioServer.RunAsync(host.Services, Console.OpenStandardInput(), Console.OpenStandardOutput(), new StdioOptions
        {
            MaxLineBytes = settings.Get(Settings.MaxRequestBytes),
            DrainTimeout = settings.Get(Settings.ShutdownTimeout),
        }, stopping.Token);
        await host.StopAsync(CancellationToken.None);
        return isWhole ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<int> ServeHttpAsync(SettingValues settings)
    {
        var addresses = ListenAddress.From(settings);
        var app = BuildHttp(settings);
        await using var _ = app;

        try
        {
            await app.StartAsync();
        }
        catch (IOException failure) when (failure.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync(Announcement.CannotListen(addresses, failure));
            return ExitCode.Failure;
        }
        Announcement.Log(app.Services, settings);
        Announcement.Print(HttpServer.Addresses(app), settings);
        await app.WaitForShutdownAsync();
        return ExitCode.Success;
    }

    /// <summary>The whole server over HTTP, not started yet.</summary>
    public static WebApplication BuildHttp(SettingValues settings)
    {
        var authentication = Authentication(settings);
        return HttpServer.Build(
            new HttpOptions
            {
                Urls = [.. ListenAddress.From(settings).Select(address => address.ToString())],
                MaxRequestBytes = settings.Get(Settings.MaxRequestBytes),
                BodyTimeout = settings.Get(Settings.BodyTimeout),
                RequestsPerMinute = settings.Get(Settings.RateLimit),
                ConcurrentRequests = settings.Get(Settings.ConcurrentRequests),
                MaxConnections = settings.Get(Settings.MaxConnections) ?? OpenFiles.ConnectionsLeft(),
                Authentication = authentication,
                AllowedOrigins = settings.Get(Settings.AllowedOrigins),
                AllowedHosts = settings.Get(Settings.AllowedHosts),
                TrustedProxies = settings.Get(Settings.TrustedProxies),
                LegacySse = settings.Get(Settings.Transport) == TransportKind.Sse,
                DrainTimeout = settings.Get(Settings.ShutdownTimeout),
            },
            builder =>
            {
                builder.Logging.AddServerLogging(settings.Get(Settings.LogFormat), settings.Get(Settings.LogLevel));
                builder.AddServiceDefaults(MemoryTelemetry.Sources);
                builder.Services.AddMemoryServer(settings, authentication.IsConfigured ? Caller.Unauthenticated : Caller.Anonymous);
                builder.Services.AddHealthChecks().AddMemoryChecks();
            });
    }

    private static CallerAuthenticationOptions Authentication(SettingValues settings) => new()
    {
        ApiKey = settings.Get(Settings.ApiKey),
        AccessFile = settings.Get(Settings.AccessFile),
        AllowAnonymous = settings.Get(Settings.AllowAnonymous),
        OAuth = settings.Get(Settings.OAuthAuthority) is { } authority && settings.Get(Settings.OAuthAudience) is { } audience
            ? new OAuthOptions { Authority = authority, Audience = audience, CollectionsClaim = settings.Get(Settings.OAuthCollectionsClaim) }
            : null,
    };
}
