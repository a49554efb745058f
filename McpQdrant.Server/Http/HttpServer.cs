using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Authentication.OAuth;
using McpQdrant.Server.Explorer;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Mcp;
using McpQdrant.Server.Rest;
using McpQdrant.ServiceDefaults;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using ModelContextProtocol.AspNetCore;

namespace McpQdrant.Server.Http;

/// <summary>Serves many clients over Streamable HTTP at <c>/mcp</c>, and on request over the older SSE at <c>/sse</c>, REST, and a page for people.</summary>
internal static class HttpServer
{
    public const string Path = "/mcp";

    /// <summary>Where a client of the older transport opens a session.</summary>
    public const string LegacyPath = "/sse";

    /// <summary>Where it posts messages to the session.</summary>
    public const string LegacyMessagePath = "/message";

    /// <summary>Of all headers of a request together. Tokens are the longest, of a few kilobytes.</summary>
    private const int MaxHeaderBytes = 32 * 1024;

    private const int MaxHeaders = 100;

    /// <param name="configure">Adds what is served: the policy, the tools.</param>
    /// <exception cref="InvalidSettingsException">The access file can't be used.</exception>
    public static WebApplication Build(HttpOptions options, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = McpServices.ServerName });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Configure(WithoutEndpoints(builder.Configuration.GetSection("Kestrel")));
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(kestrel.ApplicationServices.GetRequiredService<ConnectionLimit>().Wrap));
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.MaxRequestHeaderCount = MaxHeaders;
        });
        // Of all that the framework would do by variables of its own: believe in X-Forwarded-For, whoever sends it.
        builder.Configuration["ForwardedHeaders_Enabled"] = "false";
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownDelay + options.DrainTimeout);
        configure(builder);

        builder.Services.AddSingleton(options).AddSingleton<OriginGate>().AddSingleton<RequestBody>().AddSingleton<MessageGate>().AddSingleton<ShutdownDelay>()
            .AddSingleton(provider => new ConnectionLimit(options.MaxConnections, provider.GetRequiredService<ILogger<ConnectionLimit>>()));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ShutdownDelay>());
        builder.Services.AddCors().AddCallerLimits(options);
        if (options.Explorer)
            builder.Services.AddExplorer(options.Authentication);
        if (options.Authentication.IsConfigured)
            builder.Services.AddCallerAuthentication(options.Authentication);

        if (options.Rest)
            builder.Services.AddRestApi(options.Authentication.IsConfigured);
        builder.Services.AddMcpServer().WithHttpTransport(transport =>
        {
            // Stateless: any replica can answer any request, and none keeps what a client left behind.
            transport.SessionMode = options.LegacySse ? HttpServerSessionMode.StatefulForInitializeClients : HttpServerSessionMode.Stateless;
#pragma warning disable MCP9004 // Obsolete, and asked for by name: --transport sse.
            transport.EnableLegacySse = options.LegacySse;
#pragma warning restore MCP9004
        });

        var app = builder.Build();
        // Addresses that stand here are the only ones: the framework takes none from its own settings.
        foreach (var url in options.Urls)
            app.Urls.Add(url);
        app.UseGates(options);
        app.MapEndpoints(options);
        return app;
    }

    /// <summary>Where it listens, once it has started.</summary>
    public static IReadOnlyList<string> Addresses(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses];

    /// <summary>Kestrel's own settings (certificates) without those that open listeners, which would be past the check that asks for authentication.</summary>
    private static IConfiguration WithoutEndpoints(IConfigurationSection kestrel) => new ConfigurationBuilder()
        .AddInMemoryCollection(kestrel.AsEnumerable(makePathsRelative: true).Where(setting => !setting.Key.StartsWith("Endpoint", StringComparison.OrdinalIgnoreCase)))
        .Build();

    /// <summary>What a request passes before it is served; the cheapest first, and nothing of a body is read for someone unknown.</summary>
    private static void UseGates(this WebApplication app, HttpOptions options)
    {
        if (options.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(Forwarding(options));

        app.Use(app.Services.GetRequiredService<ShutdownDelay>().InvokeAsync);
        var origins = app.Services.GetRequiredService<OriginGate>();
        app.Use(origins.InvokeAsync);
        app.UseCors(cors => AllowBrowsers(cors, origins));
        if (options.Authentication.IsConfigured)
        {
            // Opens the access file now, so that a broken one stops the start.
            _ = app.Services.GetRequiredService<ApiKeys>();
            app.UseAuthentication();
        }
        app.UseRateLimiter();
        if (options.Authentication.IsConfigured)
            app.UseAuthorization();
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            ConnectionLimit.Admit(context);
            return next(context);
        });
        app.Use(app.Services.GetRequiredService<RequestBody>().InvokeAsync);
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use((HttpContext context, RequestDelegate next) => EndpointKind.TakesMessages(context) ? EventStreamBody.InvokeAsync(context, next, clock) : next(context));
        app.Use(app.Services.GetRequiredService<MessageGate>().InvokeAsync);
        if (options.Rest)
            app.UseRestApi();
    }

    private static void MapEndpoints(this WebApplication app, HttpOptions options)
    {
        IEndpointConventionBuilder[] messages = options.LegacySse ? [app.MapMcp(Path), app.MapMcp("")] : [app.MapMcp(Path)];
        foreach (var endpoint in messages)
            endpoint.WithMetadata(EndpointKind.Messages);
        IEndpointConventionBuilder[] others = options.LegacySse
            ? [app.MapOtherRequests(Path, "GET, POST, DELETE"), app.MapOtherRequests(LegacyPath, "GET"), app.MapOtherRequests(LegacyMessagePath, "POST")]
            : [app.MapOtherRequests(Path, "POST")];
        if (options.Authentication.IsConfigured)
        {
            foreach (var endpoint in (IEndpointConventionBuilder[])[.. messages, .. others, app.MapUnknownPaths()])
                endpoint.RequireAuthorization();
        }
        else
        {
            app.MapUnknownPaths();
        }
        app.MapUnknownDocuments();
        if (options.Rest)
            app.MapRestApi(options.Authentication.IsConfigured);
        if (options.Explorer)
            app.MapExplorer(options.Authentication.IsConfigured);
        app.Services.GetService<ResourceMetadata>()?.Map(app);
        app.MapDefaultEndpoints(user => Caller.Of(user) is { } caller && caller != Caller.Anonymous);
    }

    private static ForwardedHeadersOptions Forwarding(HttpOptions options)
    {
        var forwarding = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // Proxies may stand in a row: the address taken is the last one that is no trusted proxy's.
            ForwardLimit = null,
        };
        forwarding.KnownProxies.Clear();
        forwarding.KnownIPNetworks.Clear();
        foreach (var network in options.TrustedProxies)
            forwarding.KnownIPNetworks.Add(network);
        return forwarding;
    }

    private static void AllowBrowsers(CorsPolicyBuilder cors, OriginGate origins) => cors
        .SetIsOriginAllowed(origins.IsAllowedOrigin)
        .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Patch, HttpMethods.Delete)
        .AllowAnyHeader()
        .WithExposedHeaders("Mcp-Session-Id", "WWW-Authenticate", "Retry-After", "ETag", "Location");
}

internal sealed record HttpOptions
{
    /// <summary>Addresses to listen on, for instance <c>http://127.0.0.1:8000</c>.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The longest request body, in bytes.</summary>
    public required long MaxRequestBytes { get; init; }

    /// <summary>How long a request's body may take to arrive.</summary>
    public required TimeSpan BodyTimeout { get; init; }

    /// <summary>Requests a minute of one caller; 0 for any number.</summary>
    public required int RequestsPerMinute { get; init; }

    /// <summary>Requests of one caller that are served at once; as many more wait.</summary>
    public required int ConcurrentRequests { get; init; }

    /// <summary>Servers that share the callers' requests a minute among them.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Connections that are open at once.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>How callers show who they are.</summary>
    public required CallerAuthenticationOptions Authentication { get; init; }

    /// <summary>Web pages that may call, besides those of this machine, for instance <c>https://app.example.com</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Names of this server, besides those of this machine, possibly with a port: <c>mcp.example.com</c>, <c>*.example.com</c>, <c>*</c>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Proxies that say truly for whom they ask.</summary>
    public IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Whether clients of before 2025 are served too, at <c>/sse</c>.</summary>
    public bool LegacySse { get; init; }

    /// <summary>Whether the REST API is served too.</summary>
    public bool Rest { get; init; }

    /// <summary>Whether people get a page, which calls the REST API.</summary>
    public bool Explorer { get; init; }

    /// <summary>How long requests are still taken after the order to stop.</summary>
    public TimeSpan ShutdownDelay { get; init; }

    /// <summary>How long requests under way may still take after that.</summary>
    public required TimeSpan DrainTimeout { get; init; }
}
