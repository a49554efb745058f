using System.Text.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>Points packed into requests that Qdrant takes: above 32 MiB it closes the connection while the client still sends.</summary>
internal sealed class QdrantBatch
{
    /// <summary>Bytes of points in one request; the server's limit less the little that is around them.</summary>
    public const int MaxBytes = 32 * 1024 * 1024 - 64 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _points = [];
    private long _bytes;

    private QdrantBatch()
    {
    }

    /// <exception cref="MemoryException">One memory alone is larger than a request may be.</exception>
    public static IEnumerable<QdrantBatch> Of<T>(IReadOnlyList<T> memories, Action<Utf8JsonWriter, T> write)
    {
        var batch = new QdrantBatch();
        foreach (var memory in memories)
        {
            var point = QdrantJson.Write(writer => write(writer, memory));
            if (point.Length > MaxBytes)
                throw new MemoryException("The memory is larger than the 32 MiB that Qdrant takes at once. Store a shorter text, or less metadata.");

            if (batch._bytes + point.Length > MaxBytes)
            {
                yield return batch;
                batch = new QdrantBatch();
            }
            batch._points.Add(point);
            batch._bytes += point.Length + 1;
        }

        if (batch._points.Count > 0)
            yield return batch;
    }

    /// <summary>Writes them as <c>points</c>.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("points");
        foreach (var point in _points)
            writer.WriteRawValue(point.Span, skipInputValidation: true);
        writer.WriteEndArray();
    }
}
