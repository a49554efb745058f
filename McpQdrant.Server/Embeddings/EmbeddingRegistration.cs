using McpQdrant.Server.Embeddings.Local;
using McpQdrant.Server.Memories;
using Microsoft.Extensions.AI;

namespace McpQdrant.Server.Embeddings;

internal static class EmbeddingRegistration
{
    /// <summary>The activity source and meter of the embedding pipeline (OpenTelemetry's conventions for generative AI).</summary>
    public const string TelemetryName = "McpQdrant.Embeddings";

    /// <summary>Adds the <see cref="ITextEmbedder"/> that the options describe; a hosted process loads a local model in the background at its start.</summary>
    public static IServiceCollection AddEmbeddings(this IServiceCollection services, EmbeddingOptions options)
    {
        services.AddSingleton<ITextEmbedder>(provider => new TextEmbedder(() => OpenLocal(options, provider)));
        services.AddHostedService<EmbeddingPreloader>();
        return services;
    }

    private static EmbeddingModel OpenLocal(EmbeddingOptions options, IServiceProvider services)
    {
        var folder = ModelLocator.Find(options);
        var generator = new EmbeddingGeneratorBuilder<string, Embedding<float>>(new OnnxEmbeddingGenerator(folder, options.Concurrency ?? Environment.ProcessorCount))
            .UseOpenTelemetry(sourceName: TelemetryName)
            .Build(services);
        return new EmbeddingModel(generator, "local", folder.Name, PrefixesOf(options, ModelProfile.Of(folder).Prefixes), options.Dimensions);
    }

    private static TextPrefixes PrefixesOf(EmbeddingOptions options, TextPrefixes known) =>
        new(options.QueryPrefix ?? known.Query, options.DocumentPrefix ?? known.Document);
}
