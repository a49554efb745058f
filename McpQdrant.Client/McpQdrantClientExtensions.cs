using McpQdrant.Memories.Mcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace McpQdrant.Memories;

/// <summary>Adds the memories of a server to a program.</summary>
public static class McpQdrantClientExtensions
{
    /// <summary>Adds <see cref="IMemories"/> at a server, as Aspire integrations do it: by a connection string, with a health check and traces.</summary>
    /// <param name="builder">The program.</param>
    /// <param name="connectionName">The name of the connection string, which is that of the resource in the app host.</param>
    /// <param name="configure">Changes settings; null for none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="MemoriesException">There is no such connection string and no address either, or the settings exclude each other.</exception>
    public static IHostApplicationBuilder AddMcpQdrantClient(this IHostApplicationBuilder builder, string connectionName, Action<McpQdrantClientSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionName);
        var settings = new McpQdrantClientSettings();
        if (builder.Configuration.GetConnectionString(connectionName) is { Length: > 0 } connection)
            settings.ReadConnectionString(connectionName, connection);
        configure?.Invoke(settings);
        if (settings is { Endpoint: null, Command: null })
            throw new MemoriesException($"There is no connection string '{connectionName}'. Reference the server in the app host, or set ConnectionStrings:{connectionName} to Endpoint=http://host:8000/mcp;Key=key.");

        Add(builder.Services, settings, connectionName);
        return builder;
    }

    /// <summary>Adds <see cref="IMemories"/> at a server, with a health check and traces.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Says where the server is.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="MemoriesException">There is no address and no program to start, or both.</exception>
    public static IServiceCollection AddMcpQdrantClient(this IServiceCollection services, Action<McpQdrantClientSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var settings = new McpQdrantClientSettings();
        configure(settings);
        Add(services, settings, name: "memory");
        return services;
    }

    private static void Add(IServiceCollection services, McpQdrantClientSettings settings, string name)
    {
        settings.Check();
        services.AddSingleton(provider => new McpMemories(settings, provider));
        services.AddSingleton<IMemories>(provider => provider.GetRequiredService<McpMemories>());
        if (!settings.DisableHealthChecks)
        {
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                $"McpQdrant_{name}", provider => new ServerHealthCheck(provider.GetRequiredService<McpMemories>()), failureStatus: null, tags: null, timeout: settings.Timeout));
        }
        if (!settings.DisableTracing)
            services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(McpMemories.ProtocolSource));
    }
}
