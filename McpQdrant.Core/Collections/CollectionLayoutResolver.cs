using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Collections;

/// <summary>Decides how a collection is used as it is, whoever made it: pure, from what the store says is there.</summary>
/// <remarks>
/// The vector is the one named after the model, else the only one of the model's size that no other model's name is on. A
/// collection that cannot take the model's vectors is refused in a sentence that names what is there, what was expected, and the way out.
/// </remarks>
internal static class CollectionLayoutResolver
{
    /// <summary>What a writer means who names no options: Qdrant's own defaults.</summary>
    private static readonly Bm25Options QdrantKeywords = new(AverageLength: 256, Language: "english");

    /// <summary>Whether a collection says that this model wrote it: by its notes, else by a vector that is named after the model.</summary>
    public static bool IsWrittenBy(CollectionInfo collection, EmbeddingIdentity model) => CollectionMetadata.Read(collection.Metadata) is { } notes
        ? notes.Model.IsSameAs(model)
        : Usable(collection, model).Any(vector => vector.Name == model.VectorName);

    /// <exception cref="MemoryException">The collection can't hold this model's vectors, or another model wrote it.</exception>
    public static CollectionLayout Resolve(CollectionInfo collection, EmbeddingIdentity model, string? documentField)
    {
        var notes = CollectionMetadata.Read(collection.Metadata);
        if (notes is not null && !notes.Model.IsSameAs(model))
            throw new MemoryException(WrittenBy(collection, Describe(notes.Model), model));

        return Layout(collection, Choose(collection, model), documentField) with { PassageVectorName = PassageVector(collection, model)?.Name };
    }

    /// <summary>How a collection is read, whatever model wrote it: its texts are of use without its vectors.</summary>
    /// <param name="scope">Which of its memories the call may meet.</param>
    public static CollectionLayout ResolveForReading(CollectionInfo collection, string? documentField, MemoryScope scope) =>
        Layout(collection, collection.Vectors.FirstOrDefault(vector => !vector.IsMultivector) is { } first ? first : new VectorInfo("", 0, Distance.Cosine), documentField) with { Scope = scope };

    /// <summary>A multivector for this model's passages; null where the collection has none. Cosine alone is comparable with what the beginning is compared by.</summary>
    public static VectorInfo? PassageVector(CollectionInfo collection, EmbeddingIdentity model) => collection.Vectors.FirstOrDefault(vector =>
        vector is { IsMultivector: true, Distance: Distance.Cosine } && vector.Name == model.PassageVectorName && vector.Size == model.Dimensions);

    private static CollectionLayout Layout(CollectionInfo collection, VectorInfo vector, string? documentField)
    {
        var textField = PayloadShape.TextField(collection.Samples, documentField);
        return new CollectionLayout
        {
            Name = collection.Name,
            VectorName = vector.Name,
            VectorSize = vector.Size,
            Distance = vector.Distance,
            TextField = textField,
            Expires = collection.Expires,
            MetadataField = PayloadShape.MetadataField(collection.Samples, textField),
            Keywords = collection.SparseVectors.Contains(CollectionLayout.KeywordVectorName) ? CollectionMetadata.Read(collection.Metadata)?.Keywords ?? QdrantKeywords : null,
        };
    }

    private static VectorInfo Choose(CollectionInfo collection, EmbeddingIdentity model)
    {
        if (CollectionMetadata.PendingBackfill(collection.Metadata) == model.VectorName)
            throw new MemoryException(
                $"Collection '{collection.Name}' is being embedded with {model.Model}, and not every memory has its vector yet. Wait for reembed to end, or run it again if it was stopped.");

        var usable = Usable(collection, model).ToList();
        if (usable.Find(vector => vector.Name == model.VectorName) is { } named)
            return named;

        if (usable.Count == 0)
            throw new MemoryException(Unusable(collection, model));

        // A name such as fast-bge-small-en says which model wrote the vector, and it is another one.
        var unclaimed = usable.FindAll(vector => !vector.Name.StartsWith(EmbeddingIdentity.VectorNamePrefix, StringComparison.Ordinal));
        return unclaimed switch
        {
            [var only] => only,
            [] => throw new MemoryException(WrittenBy(collection, $"the model that the vector {Quote(usable[0].Name)} is named after", model)),
            _ => throw new MemoryException(
                $"Collection '{collection.Name}' has several vectors of size {model.Dimensions} ({Names(unclaimed)}), and none is named " +
                $"'{model.VectorName}', so it is unclear which one {model.Model} belongs to. Choose another collection, or let " +
                $"EMBEDDING_MODEL name the model that one of them is named after."),
        };
    }

    /// <summary>The vectors that can be searched by this model's, as far as their form goes.</summary>
    private static IEnumerable<VectorInfo> Usable(CollectionInfo collection, EmbeddingIdentity model)
    {
        var filling = CollectionMetadata.PendingBackfill(collection.Metadata);
        return collection.Vectors.Where(vector => !vector.IsMultivector && vector.Size == model.Dimensions && vector.Name != filling);
    }

    private static string Unusable(CollectionInfo collection, EmbeddingIdentity model)
    {
        var dense = collection.Vectors.Where(vector => !vector.IsMultivector).ToList();
        if (dense.Count > 0)
        {
            var there = string.Join(", ", dense.Select(vector => $"{vector.Size} ({Quote(vector.Name)})"));
            return $"Collection '{collection.Name}' holds vectors of size {there}, and {model.Model} makes {model.Dimensions}. " +
                "Choose another collection, or set EMBEDDING_MODEL to the model that wrote it.";
        }

        var found = collection switch
        {
            { Vectors.Count: > 0 } => $"only multivectors ({Names(collection.Vectors)})",
            { SparseVectors.Count: > 0 } => $"only sparse vectors ({string.Join(", ", collection.SparseVectors.Select(Quote))})",
            _ => "no vectors at all",
        };
        return $"Collection '{collection.Name}' has {found}, and memories need one dense vector of size {model.Dimensions} a point " +
            $"(as {model.Model} makes them). Choose another collection; one that doesn't exist yet is made on the first store.";
    }

    private static string WrittenBy(CollectionInfo collection, string writer, EmbeddingIdentity model) =>
        $"Collection '{collection.Name}' was written with {writer}, and this server embeds with {Describe(model)}; their vectors can't be " +
        "compared. Choose another collection, or set EMBEDDING_MODEL to the model that wrote it.";

    private static string Describe(EmbeddingIdentity model) =>
        model.Prefixes.Length == 0
            ? $"{model.Model} ({model.Dimensions} numbers a vector)"
            : $"{model.Model} ({model.Dimensions} numbers a vector, prefixes '{model.Prefixes}')";

    private static string Names(IEnumerable<VectorInfo> vectors) => string.Join(", ", vectors.Select(vector => Quote(vector.Name)));

    private static string Quote(string name) => name.Length == 0 ? "unnamed" : $"'{name}'";
}
