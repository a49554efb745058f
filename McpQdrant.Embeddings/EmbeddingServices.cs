using McpQdrant.Core.Ports;
using McpQdrant.Embeddings.Local;
using McpQdrant.Embeddings.Remote;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace McpQdrant.Embeddings;

public static class EmbeddingServices
{
    /// <summary>The activity source and meter of the embedding pipeline (OpenTelemetry's conventions for generative AI).</summary>
    public const string TelemetryName = "McpQdrant.Embeddings";

    /// <summary>
    /// Adds the <see cref="ITextEmbedder"/> that the options describe, and <see cref="EmbeddingModels"/> with it and those that lie beside the program.
    /// A hosted process looks for a local model that the options describe in the background at its start, or loads it.
    /// </summary>
    public static IServiceCollection AddEmbeddings(this IServiceCollection services, EmbeddingOptions options)
    {
        switch (options.Provider)
        {
            case EmbeddingProvider.Local:
                services.AddSingleton<ITextEmbedder>(provider => new TextEmbedder(() => OpenLocal(options, provider)));
                services.TryAddSingleton(TimeProvider.System);
                services.AddHostedService(provider => ActivatorUtilities.CreateInstance<EmbeddingPreloader>(provider, options));
                break;
            case EmbeddingProvider.Qdrant:
                services.AddSingleton<ITextEmbedder>(new ServerSideEmbedder(options));
                break;
            default:
                services.AddProviderClient(options);
                services.AddSingleton<ITextEmbedder>(provider => new TextEmbedder(() => OpenRemote(options, provider)));
                break;
        }

        // The container disposes of what it made itself, so each is a service.
        foreach (var folder in ModelLocator.Shipped())
            services.AddKeyedSingleton<ITextEmbedder>(folder.Name, (provider, _) => new TextEmbedder(() => OpenShipped(folder, options, provider)));
        return services.AddSingleton(provider => new EmbeddingModels(
            provider.GetRequiredService<ITextEmbedder>(), [.. provider.GetKeyedServices<ITextEmbedder>(KeyedService.AnyKey)]));
    }

    private static EmbeddingModel OpenLocal(EmbeddingOptions options, IServiceProvider services) => OpenLocal(ModelLocator.Find(options), options, services);

    /// <summary>Opens a model that lies beside the program. What is configured of another model is not meant for it.</summary>
    private static EmbeddingModel OpenShipped(ModelFolder folder, EmbeddingOptions configured, IServiceProvider services) => OpenLocal(
        folder,
        new EmbeddingOptions
        {
            Dimensions = KnownModels.DimensionsOf(folder.Name),
            CacheSize = configured.CacheSize,
            Concurrency = configured.Provider is EmbeddingProvider.Local ? configured.Concurrency : null,
        },
        services);

    private static EmbeddingModel OpenLocal(ModelFolder folder, EmbeddingOptions options, IServiceProvider services)
    {
        var prefixes = folder.Read(ModelProfile.Of).Prefixes;
        var generator = new OnnxEmbeddingGenerator(folder, options.Concurrency ?? Environment.ProcessorCount);
        // What lies beside the program is what its name says; a folder of the user's own may hold any model.
        return Open("local", folder.Name, prefixes, generator, options, services) with { KnownDimensions = options is { LoadsAtStart: false, ModelPath: null } ? KnownModels.DimensionsOf(folder.Name) : null };
    }

    private static EmbeddingModel OpenRemote(EmbeddingOptions options, IServiceProvider services)
    {
        var name = ProviderClient.ModelOf(options);
        var provider = options.Provider is EmbeddingProvider.Ollama ? "ollama" : "openai";
        return Open(provider, name, KnownModels.PrefixesOf(name), ProviderClient.CreateGenerator(options, services), options, services);
    }

    /// <summary>The pipeline that all models share: cache, telemetry, checks, model.</summary>
    private static EmbeddingModel Open(
        string provider, string name, TextPrefixes known, IEmbeddingGenerator<string, Embedding<float>> generator, EmbeddingOptions options, IServiceProvider services)
    {
        var pipeline = new EmbeddingGeneratorBuilder<string, Embedding<float>>(generator);
        if (options.CacheSize > 0)
            pipeline.Use(inner => new CachedEmbeddingGenerator(inner, $"{provider}\n{name}", options.CacheSize));
        pipeline.Use(inner => new SharedEmbeddingGenerator(inner))
            .UseOpenTelemetry(sourceName: TelemetryName)
            .Use(inner => new DescribedEmbeddingGenerator(inner, provider, name, options.Dimensions))
            .Use(inner => new CheckedEmbeddingGenerator(inner, name, options.Dimensions));

        var prefixes = new TextPrefixes(options.QueryPrefix ?? known.Query, options.DocumentPrefix ?? known.Document);
        return new EmbeddingModel(pipeline.Build(services), provider, name, prefixes, options.Dimensions);
    }
}
