using System.Runtime.CompilerServices;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite;

/// <content>What changes a collection in place.</content>
internal sealed partial class SqliteMemoryStore : ITextMaintenance, IErasure
{
    public async IAsyncEnumerable<Memory> ReadWithoutPassagesAsync(CollectionLayout collection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<Memory> page;
        MemoryId? last = null;
        do
        {
            page = await ReadAsync(
                session => MemoryTable.PageWithoutPassages(session, CollectionTable.Require(session, collection), last, PageSize), cancellationToken);
            foreach (var memory in page)
                yield return memory;
            last = page.Count > 0 ? page[^1].Id : last;
        }
        while (page.Count == PageSize);
    }

    public Task FillPassagesAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken) =>
        _writes.RunAsync(
            session =>
            {
                var target = CollectionTable.Require(session, collection);
                foreach (var memory in memories)
                    MemoryTable.AddPassages(session, target, memory);
                return true;
            },
            cancellationToken);

    public Task RewriteKeywordsAsync(CollectionLayout collection, IReadOnlyList<Memory> memories, CancellationToken cancellationToken) =>
        _writes.RunAsync(
            session =>
            {
                var target = CollectionTable.Require(session, collection);
                foreach (var memory in memories)
                    MemoryTable.RewriteKeywords(session, target, memory);
                return true;
            },
            cancellationToken);

    public Task<string?> EraseDeletedAsync(CancellationToken cancellationToken) => ReadAsync<string?>(
        session =>
        {
            KeywordTable.Compact(session);
            session.Execute("VACUUM");
            return session.TryTruncateLog() ? null : "The write-ahead log of the file still holds pages of before, since another process reads the file. They go when it has ended, or with another purge.";
        },
        cancellationToken);

    public Task WriteMetadataAsync(CollectionName collection, string key, JsonElement value, CancellationToken cancellationToken) =>
        _writes.RunAsync(
            session =>
            {
                CollectionTable.WriteNote(session, collection, key, value);
                return true;
            },
            cancellationToken);
}
