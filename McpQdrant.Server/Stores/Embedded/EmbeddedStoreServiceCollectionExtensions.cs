using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Stores.Embedded;

internal static class EmbeddedStoreServiceCollectionExtensions
{
    /// <summary>Keeps memories in a SQLite file of this machine. Nothing is opened before the first call.</summary>
    public static IServiceCollection AddEmbeddedStore(this IServiceCollection services, EmbeddedStoreOptions options) =>
        services
        .AddSingleton(options)
        .AddSingleton<EmbeddedMemoryStore>()
        .AddSingleton<IMemoryStore>(provider => provider.GetRequiredService<EmbeddedMemoryStore>())
        .AddSingleton<IStoreInspection>(provider => provider.GetRequiredService<EmbeddedMemoryStore>());
}
