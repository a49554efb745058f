using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;

namespace McpQdrant.Core;

public static class CoreServices
{
    /// <summary>The domain; a store and an embedder have to be added beside it.</summary>
    public static IServiceCollection AddMemories(this IServiceCollection services, SearchOptions search, CollectionDefaults collections) => services
        .AddSingleton(search)
        .AddSingleton(collections)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<CollectionCatalog>()
        .AddSingleton<MemoryService>()
        .AddSingleton<PendingForgets>()
        .AddSingleton<ForgetService>()
        .AddSingleton<CollectionDirectory>();
}
