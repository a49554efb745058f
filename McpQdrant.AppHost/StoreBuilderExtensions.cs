namespace McpQdrant.AppHost;

internal static class StoreBuilderExtensions
{
    /// <summary>Everything by which the server could be led to another Qdrant.</summary>
    private static readonly string[] OtherStores = ["QDRANT_URL", "QDRANT_HTTPURI", "ConnectionStrings__qdrant", "ConnectionStrings__qdrant_http"];

    /// <param name="builder">The server.</param>
    /// <param name="qdrant">Null for the embedded store.</param>
    public static IResourceBuilder<T> WithComposedStore<T>(this IResourceBuilder<T> builder, IResourceBuilder<QdrantServerResource>? qdrant)
        where T : IResourceWithEnvironment, IResourceWithWaitSupport
    {
        // The server inherits the developer's variables. One that names a Qdrant must not replace the store that is composed here.
        if (builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            foreach (var name in OtherStores)
                builder.WithEnvironment(name, "");
        }

        return qdrant is null ? builder : builder.WithReference(qdrant).WaitFor(qdrant);
    }
}
