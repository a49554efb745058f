using McpQdrant.ServiceDefaults;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace McpQdrant.Server.Transports.Http;

/// <summary>Serves many clients over Streamable HTTP at <c>/mcp</c>, and on request over the older SSE at <c>/sse</c>.</summary>
internal static class HttpServer
{
    public const string Path = "/mcp";

    public static WebApplication Build(HttpOptions options, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        configure(builder);

        builder.Services.AddMcpServer().WithHttpTransport(transport =>
        {
            // Stateless: any replica can answer any request, and none keeps what a client left behind.
            transport.SessionMode = options.LegacySse ? ModelContextProtocol.AspNetCore.HttpServerSessionMode.StatefulForInitializeClients : ModelContextProtocol.AspNetCore.HttpServerSessionMode.Stateless;
#pragma warning disable MCP9004 // Obsolete, and asked for by name: --transport sse.
            transport.EnableLegacySse = options.LegacySse;
#pragma warning restore MCP9004
        });

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapMcp(Path);
        if (options.LegacySse)
            app.MapMcp("");
        return app;
    }

    /// <summary>Where it listens, once it has started.</summary>
    public static IReadOnlyList<string> Addresses(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses];
}
