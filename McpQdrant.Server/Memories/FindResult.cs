using McpQdrant.Server.Configuration;

namespace McpQdrant.Server.Memories;

/// <summary>What bears on a question.</summary>
/// <param name="Mode">How was searched.</param>
/// <param name="CollectionExists">False where nothing was ever stored.</param>
internal sealed record FindResult(IReadOnlyList<ScoredMemory> Hits, SearchMode Mode, bool CollectionExists);
