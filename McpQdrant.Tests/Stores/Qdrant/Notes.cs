using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>A small collection that tests store to and find from.</summary>
internal static class Notes
{
    public static readonly EmbeddingIdentity Model = new("local", "sentence-transformers/all-MiniLM-L6-v2", 4);

    public static readonly CollectionSpec Spec = new() { Name = CollectionName.Parse("notes"), Model = Model };

    public static readonly CollectionLayout Layout = new()
    {
        Name = Spec.Name,
        VectorName = Model.VectorName,
        VectorSize = 4,
        Distance = Distance.Cosine,
        Keywords = Bm25Options.Default,
    };

    public static readonly SearchRequest Search = new() { Vector = Vector(1, 0, 0, 0), Limit = 10 };

    public static SemanticVector Vector(params float[] numbers) => new SemanticVector.Embedded(numbers);

    public static StoredMemory Memory(int number, string? text = null) =>
        new(new Memory(new MemoryId((ulong)number), text ?? $"text {number}", null, DateTimeOffset.UnixEpoch), Vector(1, number, 0, 0));
}
