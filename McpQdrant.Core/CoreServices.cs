using McpQdrant.Core.Access;
using McpQdrant.Core.Backup;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Secrets;
using McpQdrant.Core.Transfer;

namespace McpQdrant.Core;

public static class CoreServices
{
    /// <summary>The domain; a store and <see cref="Ports.EmbeddingModels"/> have to be added beside it.</summary>
    public static IServiceCollection AddMemories(this IServiceCollection services, SearchOptions search, CollectionDefaults collections, ConfirmationOptions? confirmations = null, HistoryOptions? history = null, ExpiryOptions? expiry = null, SecretHandling secrets = SecretHandling.Allow) => services
        .AddSingleton(search)
        .AddSingleton(collections)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<UseCaseGuard>()
        .AddSingleton(new SecretFilter(secrets))
        .AddSingleton<CollectionCatalog>()
        .AddSingleton(confirmations ?? new ConfirmationOptions())
        .AddSingleton<ConfirmationCodes>()
        .AddSingleton(history ?? new HistoryOptions())
        .AddSingleton<ChangeHistory>()
        .AddSingleton<ScopedChangeLog>()
        .AddSingleton<ListChanges>()
        .AddSingleton<ReadHistory>()
        .AddSingleton<UndoChange>()
        .AddSingleton<UndoCollectionChanges>()
        .AddSingleton<UndoChanges>()
        .AddSingleton<PurgeMemories>()
        .AddSingleton(expiry ?? new ExpiryOptions())
        .AddSingleton<ExpireMemories>()
        .AddSingleton<StoreMemory>()
        .AddSingleton<FindMemories>()
        .AddSingleton<UpdateMemory>()
        .AddSingleton<PreviewForget>()
        .AddSingleton<ForgetMemories>()
        .AddSingleton<GetMemory>()
        .AddSingleton<ListMemories>()
        .AddSingleton<ListCollections>()
        .AddSingleton<CompleteCollectionName>()
        .AddSingleton<DescribeCollection>()
        .AddSingleton<MapCollection>()
        .AddSingleton<PassageBackfill>()
        .AddSingleton<KeywordRewrite>()
        .AddSingleton<UpgradeCollection>()
        .AddSingleton<ReembedCollection>()
        .AddSingleton<CopyCollection>()
        .AddSingleton<ExportCollections>()
        .AddSingleton<ReadCollections>()
        .AddSingleton<ExportMemories>()
        .AddSingleton<ImportIntoCollection>()
        .AddSingleton<ImportMemories>()
        .AddSingleton<BackUpStore>()
        .AddSingleton<RestoreStore>();
}
