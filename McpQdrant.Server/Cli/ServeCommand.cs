using System.CommandLine;
using System.Net.Sockets;
using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
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
    /// <summary>A start that can't work, and a part in the background that ends, end the program with a sentence and <see cref="ExitCode.Failure"/>.</summary>
    public static async Task<int> RunAsync(ParseResult result, SettingValues settings, CancellationToken cancellationToken)
    {
        var isWhole = true;
        var code = await GuardAsync(result, settings, async () =>
        {
            if (settings.Get(Settings.Transport) == TransportKind.Stdio)
                isWhole = await ServeStdioAsync(settings);
            else
                await ServeHttpAsync(settings);
        });
        return isWhole ? code : ExitCode.Failure;
    }

    /// <inheritdoc cref="RunAsync"/>
    public static async Task<int> GuardAsync(ParseResult result, SettingValues settings, Func<Task> serve)
    {
        try
        {
            await serve();
            return ExitCode.Success;
        }
        catch (Exception failure) when (failure is not (InvalidSettingsException or MemoryException))
        {
            var error = result.InvocationConfiguration.Error;
            await error.WriteLineAsync(failure is StartException ? failure.Message : $"The server can't go on: {failure.Message}");
            if (settings.Get(Settings.LogLevel) <= LogLevel.Debug)
                await error.WriteLineAsync(failure.ToString());
            return ExitCode.Failure;
        }
    }

    /// <returns>False where the input could not be read to its end.</returns>
    private static async Task<bool> ServeStdioAsync(SettingValues settings)
    {
        if (StandardStreams.Problem() is { } problem)
            throw new StartException(problem);

        using var signals = new StopSignals();

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = McpServices.ServerName });
        builder.Logging.AddServerLogging(settings.Get(Settings.LogFormat), settings.Get(Settings.LogLevel));
        builder.ConfigureOpenTelemetry(MemoryTelemetry.Sources, MemoryTelemetry.Meters);
        builder.Services.AddMemoryServer(settings, Caller.Local);
        using var host = builder.Build();

        await host.StartAsync(CancellationToken.None);
        Announcement.Log(host.Services, settings);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            signals.Token, host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var isWhole = await StdioServer.RunAsync(host.Services, Console.OpenStandardInput(), Console.OpenStandardOutput(), new StdioOptions
        {
            MaxLineBytes = settings.Get(Settings.MaxRequestBytes),
            DrainTimeout = settings.Get(Settings.ShutdownTimeout),
        }, stopping.Token);
        await host.StopAsync(CancellationToken.None);
        await ThrowBackgroundFailureAsync(host.Services);
        return isWhole;
    }

    private static async Task ServeHttpAsync(SettingValues settings)
    {
        var app = BuildHttp(settings);
        await using var _ = app;

        await StartAsync(app, ListenAddress.From(settings));
        Announcement.Log(app.Services, settings);
        Console.WriteLine(Announcement.Text(HttpServer.Addresses(app), settings));
        await app.WaitForShutdownAsync();
        await ThrowBackgroundFailureAsync(app.Services);
    }

    /// <exception cref="StartException">It can't listen there.</exception>
    public static async Task StartAsync(WebApplication app, IReadOnlyList<ListenAddress> addresses)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new StartException(Announcement.CannotListen(addresses, failure));
        }
    }

    /// <summary>The host stops when a background service fails, and keeps the reason in its task.</summary>
    private static async Task ThrowBackgroundFailureAsync(IServiceProvider services)
    {
        foreach (var service in services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (service.ExecuteTask is { IsFaulted: true } failed)
                await failed;
        }
    }

    /// <summary>The whole server over HTTP, not started yet.</summary>
    public static WebApplication BuildHttp(SettingValues settings) => BuildHttp(settings, HttpOptionsOf(settings));

    /// <param name="options">How it is reached and by whom, in place of what the settings say.</param>
    public static WebApplication BuildHttp(SettingValues settings, HttpOptions options) => HttpServer.Build(options, builder =>
    {
        builder.Logging.AddServerLogging(settings.Get(Settings.LogFormat), settings.Get(Settings.LogLevel));
        builder.AddServiceDefaults(MemoryTelemetry.Sources, MemoryTelemetry.Meters);
        builder.Services.AddMemoryServer(settings, options.Authentication.IsConfigured ? Caller.Unauthenticated : Caller.Anonymous);
        builder.Services.AddHealthChecks().AddMemoryChecks();
    });

    public static HttpOptions HttpOptionsOf(SettingValues settings) => new()
    {
        Urls = [.. ListenAddress.From(settings).Select(address => address.ToString())],
        MaxRequestBytes = settings.Get(Settings.MaxRequestBytes),
        BodyTimeout = settings.Get(Settings.BodyTimeout),
        RequestsPerMinute = settings.Get(Settings.RateLimit),
        ConcurrentRequests = settings.Get(Settings.ConcurrentRequests),
        Replicas = settings.Get(Settings.Replicas),
        MaxConnections = settings.Get(Settings.MaxConnections) ?? OpenFiles.ConnectionsLeft(),
        Authentication = Authentication(settings),
        AllowedOrigins = settings.Get(Settings.AllowedOrigins),
        AllowedHosts = settings.Get(Settings.AllowedHosts),
        TrustedProxies = settings.Get(Settings.TrustedProxies),
        LegacySse = settings.Get(Settings.Transport) == TransportKind.Sse,
        Rest = settings.Get(Settings.Rest) || settings.Get(Settings.Explorer),
        Explorer = settings.Get(Settings.Explorer),
        ShutdownDelay = settings.Get(Settings.ShutdownDelay),
        DrainTimeout = settings.Get(Settings.ShutdownTimeout),
    };

    private static CallerAuthenticationOptions Authentication(SettingValues settings) => new()
    {
        ApiKey = settings.Get(Settings.ApiKey),
        AccessFile = settings.Get(Settings.AccessFile),
        AllowAnonymous = settings.Get(Settings.AllowAnonymous),
        SessionSecret = settings.Get(Settings.ConfirmationKey) ?? settings.Get(Settings.ApiKey),
        OAuth = settings.Get(Settings.OAuthAuthority) is { } authority && settings.Get(Settings.OAuthAudience) is { } audience
            ? new OAuthOptions { Authority = authority, Audience = audience, CollectionsClaim = settings.Get(Settings.OAuthCollectionsClaim), ScopeClaims = settings.Get(Settings.OAuthScopeClaims) }
            : null,
    };
}

/// <summary>The server can't start; the message says why and what to do.</summary>
internal sealed class StartException(string message) : Exception(message);
