using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace McpQdrant.ServiceDefaults;

/// <summary>Two questions that a platform asks: whether to send requests here, and whether to start this process anew.</summary>
public static class HealthExtensions
{
    /// <summary>200 while the service can serve; 503 while what it needs is missing, and from the order to stop on.</summary>
    public const string Ready = "/health";

    /// <summary>200 while the process answers at all. What it needs plays no part: starting anew would not bring that back.</summary>
    public const string Alive = "/alive";

    /// <summary>The header that says which service answered: the name of the application. Other services have a <see cref="Ready"/>, too.</summary>
    public const string ServiceHeader = "Service-Name";

    private const string AliveTag = "live";

    /// <summary>Adds the checks that any service has. Its own are added beside them and count for <see cref="Ready"/>.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [AliveTag])
            .AddCheck<RunningHealthCheck>("running");
        return builder;
    }

    /// <summary>Maps <see cref="Ready"/> and <see cref="Alive"/>, in every environment: a container in production is asked too.</summary>
    /// <param name="mayKnowReasons">Who is told why a check failed; every authenticated user where it is null.</param>
    public static WebApplication MapDefaultEndpoints(this WebApplication app, Func<ClaimsPrincipal, bool>? mayKnowReasons = null)
    {
        var writer = new HealthReportWriter(mayKnowReasons ?? (user => user.Identity is { IsAuthenticated: true }));
        app.MapProbe(Ready, _ => true, writer);
        app.MapProbe(Alive, check => check.Tags.Contains(AliveTag), writer);
        return app;
    }

    private static void MapProbe(this WebApplication app, string path, Func<HealthCheckRegistration, bool> predicate, HealthReportWriter writer) => app
        .MapHealthChecks(path, new HealthCheckOptions { Predicate = predicate, ResponseWriter = writer.WriteAsync })
        .AllowAnonymous()
        .DisableRateLimiting()
        .DisableHttpMetrics();
}
