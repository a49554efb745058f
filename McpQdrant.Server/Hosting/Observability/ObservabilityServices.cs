using McpQdrant.Core.Ports;

namespace McpQdrant.Server.Hosting.Observability;

internal static class ObservabilityServices
{
    /// <summary>Makes the parts that were added before this one watchable: the store's calls, and how many memories it holds.</summary>
    /// <param name="storeSystem"><inheritdoc cref="ObservedMemoryStore" path="/param[@name='system']"/></param>
    public static IServiceCollection AddObservability(this IServiceCollection services, string storeSystem)
    {
        var store = services.Last(service => service.ServiceType == typeof(IMemoryStore));
        services.Remove(store);
        services.Add(Keyed(store));
        services.AddSingleton<IMemoryStore>(provider => new ObservedMemoryStore(
            provider.GetRequiredKeyedService<IMemoryStore>(typeof(ObservedMemoryStore)), storeSystem, provider.GetRequiredService<TimeProvider>()));

        services.AddHostedService<CollectionSizeGauge>().AddHostedService<ProtocolMetrics>();
        return services;
    }

    /// <summary>Ready means: the store answers and the model is loaded.</summary>
    public static IHealthChecksBuilder AddMemoryChecks(this IHealthChecksBuilder health)
    {
        // Single ones: they remember their last answer.
        health.Services.AddSingleton<StoreHealthCheck>().AddSingleton<EmbedderHealthCheck>();
        return health
            .AddCheck<StoreHealthCheck>("store", timeout: Patience)
            .AddCheck<EmbedderHealthCheck>("embedding model", timeout: Patience);
    }

    /// <summary>Platforms wait a second or a few; an answer that comes later is none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The same service under a key, so that its place can be taken by what wraps it, and the container still disposes of it.</summary>
    private static ServiceDescriptor Keyed(ServiceDescriptor service)
    {
        object key = typeof(ObservedMemoryStore);
        return service switch
        {
            { ImplementationFactory: { } create } => new ServiceDescriptor(service.ServiceType, key, (provider, _) => create(provider), service.Lifetime),
            { ImplementationType: { } type } => new ServiceDescriptor(service.ServiceType, key, type, service.Lifetime),
            _ => new ServiceDescriptor(service.ServiceType, key, service.ImplementationInstance!),
        };
    }
}
