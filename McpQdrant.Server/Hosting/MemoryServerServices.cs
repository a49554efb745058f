using McpQdrant.Core;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Secrets;
using McpQdrant.Embeddings;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Hosting.Observability;
using McpQdrant.Server.Mcp;
using McpQdrant.Server.Mcp.Tools;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Stores.Sqlite;

namespace McpQdrant.Server.Hosting;

/// <summary>The composition: which settings go where. The only place that knows every part by name.</summary>
internal static class MemoryServerServices
{
    /// <param name="unauthenticated">Who calls where nobody was authenticated.</param>
    /// <param name="overrides">What this use of the server wants otherwise than the settings; null for nothing.</param>
    public static IServiceCollection AddMemoryServer(this IServiceCollection services, SettingValues settings, Caller unauthenticated, ServerOverrides? overrides = null) => services
        .AddAccess(Bounds(settings), unauthenticated)
        .AddMemories(Search(settings, overrides), Collections(settings), new ConfirmationOptions { Key = settings.Get(Settings.ConfirmationKey) ?? settings.Get(Settings.ApiKey) }, History(settings), new ExpiryOptions { Rules = settings.Get(Settings.Expires) }, overrides?.Secrets ?? settings.Get(Settings.Secrets))
        .AddStore(settings, overrides?.StorePatience)
        .AddEmbeddings(Embeddings(settings, overrides))
        .AddTools(Tools(settings))
        .AddHistoryRetention(settings)
        .AddExpirySweep(settings)
        .AddObservability(storeSystem: StoreLocation.From(settings) is StoreLocation.Server ? "qdrant" : "sqlite");

    private static IServiceCollection AddHistoryRetention(this IServiceCollection services, SettingValues settings) =>
        History(settings).Retention is null || settings.Get(Settings.ReadOnly) ? services : services.AddHostedService<HistoryRetention>();

    private static IServiceCollection AddExpirySweep(this IServiceCollection services, SettingValues settings) =>
        settings.Get(Settings.ReadOnly) ? services : services.AddHostedService<ExpirySweep>();

    private static IServiceCollection AddStore(this IServiceCollection services, SettingValues settings, TimeSpan? patience) => StoreLocation.From(settings) switch
    {
        StoreLocation.Folder folder => services.AddSqliteStore(Sqlite(folder.Path, settings, patience)),
        StoreLocation.InMemory => services.AddSqliteStore(new SqliteStoreOptions { Folder = null }),
        StoreLocation.Server server => services.AddQdrantStore(Qdrant(server, settings, patience)),
        var other => throw new InvalidOperationException($"There is no store for {other}."),
    };

    private static SqliteStoreOptions Sqlite(string folder, SettingValues settings, TimeSpan? patience)
    {
        var options = new SqliteStoreOptions { Folder = folder, ReadOnly = settings.Get(Settings.ReadOnly) };
        return patience is { } limit ? options with { Patience = limit } : options;
    }

    private static QdrantOptions Qdrant(StoreLocation.Server server, SettingValues settings, TimeSpan? patience) => new()
    {
        Url = server.Url,
        OtherUrls = server.Others,
        Discover = settings.Get(Settings.Discover),
        ApiKey = settings.Get(Settings.QdrantApiKey),
        Timeout = patience ?? settings.Get(Settings.QdrantTimeout),
        CaCertificate = settings.Get(Settings.QdrantCaFile),
        ShardNumber = settings.Get(Settings.ShardNumber),
        ReplicationFactor = settings.Get(Settings.ReplicationFactor),
        WriteConsistency = settings.Get(Settings.WriteConsistency),
        WriteOrdering = settings.Get(Settings.WriteOrdering),
        ReadConsistency = settings.Get(Settings.ReadConsistency),
        OnDisk = settings.Get(Settings.OnDisk),
        Quantization = settings.Get(Settings.Quantization),
    };

    private static AccessBounds Bounds(SettingValues settings) => new()
    {
        ReadOnly = settings.Get(Settings.ReadOnly),
        Tools = AllowedTools(settings.Get(Settings.Tools)),
        OnlyCollection = settings.Get(Settings.CollectionArgument) ? null : settings.Get(Settings.CollectionName),
        Collections = settings.Get(Settings.Collections),
        CollectionPrefix = settings.Get(Settings.CollectionPrefix) ?? "",
        Pins = settings.Get(Settings.Scope),
        Labels = settings.Get(Settings.Labels),
    };

    /// <summary>People who may change and delete may take that back, whether or not agents are offered the tool for it.</summary>
    private static IReadOnlyList<ToolName> AllowedTools(IReadOnlyList<ToolName> tools) =>
        tools.Contains(ToolName.Update) && tools.Contains(ToolName.Forget) ? [.. tools, ToolName.Undo] : tools;

    private static SearchOptions Search(SettingValues settings, ServerOverrides? overrides) => new()
    {
        Limit = settings.Get(Settings.SearchLimit),
        Mode = settings.Get(Settings.Search),
        SimilarityThreshold = settings.Get(Settings.ScoreThreshold),
        RecencyHalfLife = settings.Get(Settings.RecencyHalfLife),
        Diversity = settings.Get(Settings.Diversity),
        DuplicateThreshold = overrides?.DuplicateThreshold ?? settings.Get(Settings.DuplicateThreshold),
    };

    private static HistoryOptions History(SettingValues settings) => new()
    {
        Retention = settings.Get(Settings.History) is var duration && duration > TimeSpan.Zero ? duration : null,
    };

    private static CollectionDefaults Collections(SettingValues settings) => new()
    {
        DocumentField = settings.Get(Settings.DocumentField),
        IndexedFields =
        [
            .. settings.Get(Settings.FilterableFields).Select(field => new IndexedField($"{CollectionLayout.DefaultMetadataField}.{field.Name}", field.Type)),
            .. ScopedFields(settings).Except(settings.Get(Settings.FilterableFields).Select(field => field.Name))
                .Select(field => new IndexedField($"{CollectionLayout.DefaultMetadataField}.{field}", FieldType.Keyword)),
        ],
    };

    /// <summary>By which finds are filtered, as far as the settings tell; which callers of the access file have a scope may change.</summary>
    private static IEnumerable<string> ScopedFields(SettingValues settings) => settings.Get(Settings.AccessFile) is not null
        ? ScopeFields.Names
        : settings.Get(Settings.Scope).Keys.Union(settings.Get(Settings.Labels).Keys).Union(settings.Get(Settings.OAuthScopeClaims).Keys);

    private static EmbeddingOptions Embeddings(SettingValues settings, ServerOverrides? overrides) => new()
    {
        Provider = settings.Get(Settings.EmbeddingProvider),
        Model = settings.IsSet(Settings.EmbeddingModel) ? settings.Get(Settings.EmbeddingModel) : null,
        ModelPath = settings.Get(Settings.EmbeddingModelPath),
        Url = settings.Get(Settings.EmbeddingUrl),
        ApiKey = EmbeddingKey(settings),
        QueryPrefix = settings.Get(Settings.QueryPrefix),
        DocumentPrefix = settings.Get(Settings.DocumentPrefix),
        Dimensions = settings.Get(Settings.EmbeddingDimensions),
        CacheSize = settings.Get(Settings.EmbeddingCacheSize),
        Timeout = settings.Get(Settings.EmbeddingTimeout),
        Concurrency = settings.Get(Settings.EmbeddingConcurrency),
        // Of the programs that clients start many are never asked anything: they do without the model's memory until they are.
        LoadsAtStart = overrides?.LoadsModelAtStart ?? settings.Get(Settings.Transport) != TransportKind.Stdio,
    };

    /// <summary>A key that was set for OpenAI is for nobody else.</summary>
    private static string? EmbeddingKey(SettingValues settings) =>
        settings.Get(Settings.EmbeddingProvider) == EmbeddingProvider.OpenAi || settings.Source(Settings.EmbeddingApiKey).Key != "OPENAI_API_KEY"
            ? settings.Get(Settings.EmbeddingApiKey)
            : null;

    private static ToolOptions Tools(SettingValues settings) => new()
    {
        Collection = settings.Get(Settings.CollectionName) is { } name ? CollectionName.Parse(name) : null,
        AllowCollectionArgument = settings.Get(Settings.CollectionArgument),
        StoreDescription = settings.Get(Settings.StoreDescription) ?? ToolOptions.DefaultStoreDescription,
        FindDescription = settings.Get(Settings.FindDescription) ?? ToolOptions.DefaultFindDescription,
        FilterableFields = settings.Get(Settings.FilterableFields),
        AllowArbitraryFilter = settings.Get(Settings.AllowArbitraryFilter),
        ResultFormat = settings.Get(Settings.ResultFormat),
        MaxAnswerBytes = settings.Get(Settings.MaxAnswerBytes),
        ConfirmationBy = settings.Get(Settings.ConfirmationBy),
        KeepsHistory = History(settings).Retention is not null,
        ReadOnly = settings.Get(Settings.ReadOnly),
        AsksBeforeDuplicates = settings.Get(Settings.DuplicateThreshold) is not null,
        Enabled = [.. settings.Get(Settings.Tools).Where(tool => tool != ToolName.Undo || History(settings).Retention is not null)],
    };
}

/// <summary>What a use of the server wants otherwise than its settings say; null for as they say.</summary>
internal sealed record ServerOverrides
{
    /// <summary>How long a call of the store may take.</summary>
    public TimeSpan? StorePatience { get; init; }

    /// <inheritdoc cref="SearchOptions.DuplicateThreshold"/>
    public double? DuplicateThreshold { get; init; }

    public SecretHandling? Secrets { get; init; }

    /// <inheritdoc cref="EmbeddingOptions.LoadsAtStart"/>
    public bool? LoadsModelAtStart { get; init; }
}
