using McpQdrant.Core;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Secrets;
using McpQdrant.Embeddings;
using McpQdrant.Memories.Embedding;
using McpQdrant.Stores.Qdrant;
using McpQdrant.Stores.Sqlite;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Memories.Hosting;

/// <summary>What a program chose, and the composition of the parts by it. They live in a container of their own, so that none of them meets the program's services.</summary>
internal sealed record MemoryOptions
{
    public SqliteStoreOptions? Sqlite { get; init; }

    public QdrantOptions? Qdrant { get; init; }

    public EmbeddingOptions? LocalModel { get; init; }

    public Func<IServiceProvider, IEmbeddingGenerator<string, Embedding<float>>>? Generator { get; init; }

    public string? Model { get; init; }

    public required CollectionName Collection { get; init; }

    public required Caller Caller { get; init; }

    public TimeSpan? History { get; init; }

    public required SearchOptions Search { get; init; }

    public SecretHandling Secrets { get; init; }

    /// <param name="program">The services of the program.</param>
    public ServiceProvider Compose(IServiceProvider program)
    {
        var services = new ServiceCollection();
        // The instance is the program's, which this container doesn't dispose of.
        services.AddSingleton(program.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<AuditLog>();
        services.AddSingleton(provider => new AccessPolicy(new AccessBounds(), Caller, provider.GetRequiredService<AuditLog>()));
        services.AddMemories(Search, new CollectionDefaults(), history: new Core.History.HistoryOptions { Retention = History }, secrets: Secrets);
        if (program.GetService<TimeProvider>() is { } clock)
            services.AddSingleton(clock);
        if (Sqlite is not null)
            services.AddSqliteStore(Sqlite);
        else
            services.AddQdrantStore(Qdrant!);
        AddModel(services, program);
        return services.BuildServiceProvider();
    }

    private void AddModel(IServiceCollection services, IServiceProvider program)
    {
        if (Generator is { } generator)
        {
            services.AddSingleton(new EmbeddingModels(new TranslatedEmbedder(new GeneratorEmbedder(() => generator(program), Model)), []));
            return;
        }

        services.AddEmbeddings(LocalModel!);
        services.AddSingleton(provider => new EmbeddingModels(
            new TranslatedEmbedder(provider.GetRequiredService<ITextEmbedder>()) { Check = () => LocalModelFolder.Require(LocalModel!.ModelPath) },
            [.. provider.GetKeyedServices<ITextEmbedder>(KeyedService.AnyKey).Select(other => new TranslatedEmbedder(other))]));
    }
}
