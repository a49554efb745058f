namespace McpQdrant.Server.Configuration;

/// <summary>How memories are searched: by meaning, by words, or by both.</summary>
internal enum SearchMode
{
    Hybrid,
    Dense,
    Keyword,
}
