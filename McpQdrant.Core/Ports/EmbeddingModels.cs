namespace McpQdrant.Core.Ports;

/// <summary>The models that this server has. A collection is used with the one that wrote it, see <see cref="Collections.CollectionCatalog"/>.</summary>
/// <param name="Default">The configured one, which new collections are written with.</param>
/// <param name="Others">
/// Models that collections may have been written with: when another model was configured, or on another machine. None is loaded before a text is to be
/// embedded with it; which ones they are is known without.
/// </param>
public sealed record EmbeddingModels(ITextEmbedder Default, IReadOnlyList<ITextEmbedder> Others)
{
    public IEnumerable<ITextEmbedder> All => Others.Prepend(Default);
}
