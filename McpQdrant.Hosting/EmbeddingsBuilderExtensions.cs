using Aspire.Hosting;

namespace McpQdrant.Hosting;

/// <summary>Who makes vectors of texts, where the model in the server's image is not to.</summary>
public enum EmbeddingProvider
{
    /// <summary>A server that speaks OpenAI's API: <c>POST /embeddings</c> below its address.</summary>
    OpenAI,

    /// <summary>Ollama: <c>POST /api/embed</c> below its address.</summary>
    Ollama,
}

/// <summary>Lets another resource make the vectors.</summary>
public static class EmbeddingsBuilderExtensions
{
    /// <summary>Takes the vectors from a resource that says where it is by connection properties, as those of AddOpenAI, AddOllama and their AddModel do.</summary>
    /// <param name="builder">The memory server.</param>
    /// <param name="embeddings">The resource; the server waits until it is ready.</param>
    /// <param name="model">The model's name. If null, the one of the resource.</param>
    /// <param name="provider">Which API the resource speaks. If null, the type of the resource decides.</param>
    /// <exception cref="ArgumentException">The resource is of an unknown kind, or tells no address or no model.</exception>
    public static IResourceBuilder<T> WithEmbeddings<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithConnectionString> embeddings, string? model = null, EmbeddingProvider? provider = null)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(embeddings);

        var resource = embeddings.Resource;
        var speaks = provider ?? ProviderOf(resource) ?? throw new ArgumentException(
            $"'{resource.Name}' is a {resource.GetType().Name}, of which McpQdrant doesn't know which API for embeddings it has. "
            + "Name it: WithEmbeddings(resource, model, EmbeddingProvider.OpenAI) or EmbeddingProvider.Ollama.", nameof(embeddings));
        var properties = resource.GetConnectionProperties().ToDictionary(StringComparer.OrdinalIgnoreCase);
        var address = Property("Uri") ?? Property("Endpoint") ?? throw new ArgumentException(
            $"'{resource.Name}' is a {resource.GetType().Name}, which has no connection property Uri or Endpoint. Pass its endpoint instead: "
            + "WithEmbeddings(EmbeddingProvider.OpenAI, resource.GetEndpoint(\"http\"), model).", nameof(embeddings));
        var modelName = model is null ? Property("ModelName") ?? Property("Model") : ReferenceExpression.Create($"{model}");
        if (modelName is null)
            throw new ArgumentException($"'{resource.Name}' names no model. Name one: WithEmbeddings(resource, \"nomic-embed-text\").", nameof(model));

        builder.WithProvider(speaks, address, modelName).WaitFor(embeddings);
        return (Property("Key") ?? Property("ApiKey")) is { } key ? builder.WithEnvironment("EMBEDDING_API_KEY", key) : builder;

        ReferenceExpression? Property(string name) => properties.GetValueOrDefault(name);
    }

    /// <summary>Takes the vectors from an endpoint, for instance of a container with llama.cpp, vLLM or Text Embeddings Inference.</summary>
    /// <param name="builder">The memory server.</param>
    /// <param name="provider">Which API the endpoint speaks.</param>
    /// <param name="endpoint">The endpoint; the server waits until its resource is ready. For <see cref="EmbeddingProvider.OpenAI"/>, <c>/v1</c> is put after it.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="apiKey">The key that the endpoint asks for, if any.</param>
    public static IResourceBuilder<T> WithEmbeddings<T>(
        this IResourceBuilder<T> builder,
        EmbeddingProvider provider,
        EndpointReference endpoint,
        string model,
        IResourceBuilder<ParameterResource>? apiKey = null)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);

        var url = endpoint.Property(EndpointProperty.Url);
        var address = provider == EmbeddingProvider.OpenAI ? ReferenceExpression.Create($"{url}/v1") : ReferenceExpression.Create($"{url}");

        builder.WithProvider(provider, address, ReferenceExpression.Create($"{model}"))
            .WaitFor(builder.ApplicationBuilder.CreateResourceBuilder(endpoint.Resource));
        return apiKey is null
            ? builder
            : builder.WithEnvironment(context => McpQdrantBuilderExtensions.SetAsync(context, "EMBEDDING_API_KEY", apiKey.Resource));
    }

    private static IResourceBuilder<T> WithProvider<T>(
        this IResourceBuilder<T> builder, EmbeddingProvider provider, ReferenceExpression address, ReferenceExpression model)
        where T : IResourceWithEnvironment =>
        builder
            .WithEnvironment("EMBEDDING_PROVIDER", provider == EmbeddingProvider.Ollama ? "ollama" : "openai")
            .WithEnvironment("EMBEDDING_URL", address)
            .WithEnvironment("EMBEDDING_MODEL", model);

    /// <summary>By the type's name: the packages that have these types are not referenced, so that nobody needs those they don't use.</summary>
    private static EmbeddingProvider? ProviderOf(IResource resource) => resource.GetType().Name switch
    {
        "OllamaResource" or "OllamaExecutableResource" or "OllamaModelResource" => EmbeddingProvider.Ollama,
        "OpenAIResource" or "OpenAIModelResource" or "GitHubModelResource" => EmbeddingProvider.OpenAI,
        _ => null,
    };
}
