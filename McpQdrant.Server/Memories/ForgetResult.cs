namespace McpQdrant.Server.Memories;

/// <summary>What became of memories that were to be deleted.</summary>
/// <param name="Deleted">How many of them there were.</param>
/// <param name="Ids">Those that were to go.</param>
internal sealed record ForgetResult(long Deleted, IReadOnlyList<MemoryId> Ids);
