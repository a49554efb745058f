namespace McpQdrant.Server.Memories;

/// <summary>What a filter would delete.</summary>
/// <param name="Code">Deletes just these, once, until <paramref name="ExpiresAt"/>; null where there is nothing to delete.</param>
internal sealed record ForgetPreview(int Count, IReadOnlyList<Memory> Sample, string? Code, DateTimeOffset? ExpiresAt);
