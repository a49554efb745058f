using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>Something that listens on this machine and answers at <c>/health</c> as it is told.</summary>
internal sealed class HealthServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HealthServer(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static Task<HealthServer> StartAsync(int status, string? service = "mcp-server-qdrant") => StartAsync(context =>
    {
        context.Response.StatusCode = context.Request.Path == "/health" ? status : 404;
        if (service is not null)
            context.Response.Headers["Service-Name"] = service;
        return Task.CompletedTask;
    });

    public static async Task<HealthServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new HealthServer(builder.Build());
        server._app.Run(answer);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
