using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace McpQdrant.ServiceDefaults;

/// <summary>What every service of the composition has: telemetry, health, and outgoing HTTP that bears with its peers.</summary>
public static class ServiceDefaultsExtensions
{
    /// <param name="sources">Names of the activity sources of the service's own, besides those of ASP.NET Core and HttpClient.</param>
    /// <param name="meters">Names of its meters, besides those of ASP.NET Core, HttpClient and the runtime.</param>
    /// <remarks>
    /// Every client of <see cref="IHttpClientFactory"/> gets the standard resilience pipeline. One with a pipeline of its own says
    /// <c>RemoveAllResilienceHandlers()</c> first, or its failures are tried again by both.
    /// </remarks>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, IReadOnlyList<string> sources, IReadOnlyList<string> meters) where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry(sources, meters);
        builder.AddDefaultHealthChecks();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }
}
