namespace McpQdrant.Server.Memories.Maintenance;

/// <summary>How far the filling of a collection has come.</summary>
/// <param name="Done">Memories dealt with, those included that need nothing.</param>
/// <param name="Total">Memories to deal with, as counted at the start.</param>
internal readonly record struct FillProgress(long Done, long Total);
