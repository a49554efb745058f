using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Ranking;
using McpQdrant.Stores.Sqlite.Files;
using McpQdrant.Stores.Sqlite.Tables;

namespace McpQdrant.Stores.Sqlite.Index;

/// <summary>The candidates of one search: their vectors from the index, their texts from the file.</summary>
/// <param name="question">Null where meaning doesn't count.</param>
/// <param name="slots">Where they are in the index.</param>
internal sealed class IndexCandidates(SqliteSession session, CollectionIndex index, IndexQuestion? question, Dictionary<MemoryId, int> slots) : ICandidates
{
    private readonly Dictionary<MemoryId, string> _texts = [];

    public string Text(MemoryId id)
    {
        if (!_texts.TryGetValue(id, out var text))
            _texts[id] = text = MemoryTable.Text(session, index[slots[id]].Row) ?? "";
        return text;
    }

    public DateTimeOffset? StoredAt(MemoryId id) => index[slots[id]].StoredAt is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public bool HasPassages(MemoryId id) => index[slots[id]].Passages > 0;

    public int? NearestPassage(MemoryId id) => question is null ? null : index.NearestPassage(question, slots[id]);

    public double? Similarity(MemoryId id) => question is null ? null : index.Similarity(question, slots[id]);

    public double Similarity(MemoryId one, MemoryId other) => index.Similarity(slots[one], slots[other]);
}
