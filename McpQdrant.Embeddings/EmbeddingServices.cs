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

    /// <summary>Adds the <see cref="ITextEmbedder"/> that the options describe; a hosted process loads a local model in the background at its start.</summary>
    public static IServiceCollection AddEmbeddings(this IServiceCollection services, EmbeddingOptions options)
    {
        switch (options.Provider)
        {
            case EmbeddingProvider.Local:
                services.AddSingleton<ITextEmbedder>(provider => new TextEmbedder(() => OpenLocal(options, provider)));
                services.TryAddSingleton(TimeProvider.System);
                services.AddHostedService<EmbeddingPreloader>();
                break;
            case EmbeddingProvider.Qdrant:
                services.AddSingleton<ITextEmbedder>(new ServerSideEmbedder(options));
                break;
            default:
                services.AddProviderClient(options);
                services.AddSingleton<ITextEmbedder>(provider => new TextEmbedder(() => OpenRemote(options, provider)));
                break;
        }
        return services;
    }

    private static EmbeddingModel OpenLocal(EmbeddingOptions options, IServiceProvider services)
    {
        var folder = ModelLocator.Find(options);
        var prefixes = folder.Read(ModelProfile.Of).Prefixes;
        var generator = new OnnxEmbeddingGenerator(folder, options.Concurrency ?? Environment.ProcessorCount);
        return Open("local", folder.Name, prefixes, generator, options, services);
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
        pipeline.UseOpenTelemetry(sourceName: TelemetryName)
            .Use(inner => new DescribedEmbeddingGenerator(inner, provider, name, options.Dimensions))
            .Use(inner => new CheckedEmbeddingGenerator(inner, name, options.Dimensions));

        var prefixes = new TextPrefixes(options.QueryPrefix ?? known.Query, options.DocumentPrefix ?? known.Document);
        return new EmbeddingModel(pipeline.Build(services), provider, name, prefixes, options.Dimensions);
    }
}
