using System.Runtime.InteropServices;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Ranking;

namespace McpQdrant.Stores.Sqlite.Tables;

/// <summary>Vectors as bytes: little-endian float32, of length one.</summary>
internal static class StoredVector
{
    /// <returns>A copy of length one.</returns>
    /// <exception cref="MemoryException">It isn't an embedding of this size.</exception>
    public static float[] Normalized(SemanticVector vector, SqliteCollection collection)
    {
        if (vector is not SemanticVector.Embedded { Values: var values })
            throw new MemoryException("Only a Qdrant server can embed texts itself. Set EMBEDDING_PROVIDER, or QDRANT_URL.");
        if (values.Length != collection.VectorSize)
            throw new MemoryException(
                $"Collection '{collection.Name}' takes vectors of {collection.VectorSize} numbers, and this one has {values.Length}. " +
                "Choose another collection, or the embedding model that wrote this one.");

        var copy = values.ToArray();
        UnitVector.Normalize(copy);
        return copy;
    }

    public static byte[] Write(ReadOnlySpan<float> vector) => MemoryMarshal.AsBytes(vector).ToArray();

    public static ReadOnlySpan<float> Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, float>(bytes);
}
