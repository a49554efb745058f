using McpQdrant.Core.Access;
using McpQdrant.Core.Expiry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace McpQdrant.Core.Ports;

public static class StoreServices
{
    /// <summary>Offers a store, which is registered as itself, as <see cref="IMemoryStore"/>: without what has expired, and within the scope of each call.</summary>
    public static IServiceCollection AddMemoryStore<TStore>(this IServiceCollection services)
        where TStore : class, IMemoryStore, IExpiryIndex
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(provider => new UnexpiredMemories(provider.GetRequiredService<TStore>(), provider.GetRequiredService<TStore>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<IMemoryStore>(provider => new ScopedMemories(provider.GetRequiredService<UnexpiredMemories>()));
    }
}
