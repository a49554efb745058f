namespace McpQdrant.Server.Memories;

/// <summary>By what memories are found.</summary>
internal enum SearchMode
{
    /// <summary>By meaning and by words, the two rankings fused.</summary>
    Hybrid,

    /// <summary>By meaning alone.</summary>
    Dense,

    /// <summary>By words alone.</summary>
    Keyword,
}
