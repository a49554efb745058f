using System.Buffers;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Transfer;

/// <summary>A collection that is about to be read as a whole: how, and what is said of it first.</summary>
internal sealed record ExportSource(CollectionLayout Layout, Filter? Filter, MemoryFileHeader Header)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Writes the header and a line for each memory, by id. Only a part of them is in memory at any time.</summary>
    /// <param name="report">Hears now and then how many memories were written.</param>
    /// <returns>How many there were.</returns>
    public async Task<long> WriteAsync(IMemoryStore store, Stream output, bool withVectors, DateTimeOffset now, Action<long> report, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(BufferSize);
        var written = 0L;
        MemoryLines.Write(buffer, Header, now);
        await foreach (var memory in store.ReadAllAsync(Layout, Filter, withVectors, cancellationToken))
        {
            MemoryLines.Write(buffer, withVectors ? memory : memory with { Vector = null });
            written++;
            if (buffer.WrittenCount < BufferSize)
                continue;

            await output.WriteAsync(buffer.WrittenMemory, cancellationToken);
            buffer.ResetWrittenCount();
            report(written);
        }
        await output.WriteAsync(buffer.WrittenMemory, cancellationToken);
        return written;
    }

    /// <summary>Looks at all collections before one of them is read.</summary>
    /// <param name="names">None for all that there are.</param>
    /// <exception cref="MemoryException">There is no such collection, or none at all.</exception>
    public static async Task<IReadOnlyList<ExportSource>> FindAsync(
        IMemoryStore store, CollectionDefaults defaults, MemoryScope scope, IReadOnlyList<CollectionName> names, Filter? filter, CancellationToken cancellationToken)
    {
        var sources = new List<ExportSource>();
        foreach (var name in names.Count > 0 ? names.Distinct() : await ListCollections.SortedNamesAsync(store, cancellationToken))
            sources.Add(await DescribeAsync(store, defaults, scope, name, filter, cancellationToken));
        return sources.Count > 0 ? sources : throw new MemoryException("There is nothing to read: the store has no collections.");
    }

    private static async Task<ExportSource> DescribeAsync(
        IMemoryStore store, CollectionDefaults defaults, MemoryScope scope, CollectionName name, Filter? asked, CancellationToken cancellationToken)
    {
        var info = await store.DescribeAsync(name, cancellationToken) ?? throw new MemoryException(UpgradeCollection.Absent(name));
        var notes = CollectionMetadata.Read(info.Metadata);
        var layout = CollectionLayoutResolver.ResolveForReading(info, defaults.DocumentField, scope);
        var vector = info.Vectors.FirstOrDefault(one => !one.IsMultivector && one.Name == notes?.Model.VectorName)
            ?? info.Vectors.FirstOrDefault(one => one.Name == layout.VectorName && !one.IsMultivector);
        if (vector is not null)
            layout = layout with { VectorName = vector.Name, VectorSize = vector.Size, Distance = vector.Distance };

        var filter = LayoutFilter.For(layout, asked);
        var count = await store.CountAsync(layout, filter, cancellationToken);
        return new ExportSource(layout, filter, new MemoryFileHeader(name, notes?.Model, vector, layout.Keywords, count));
    }
}
