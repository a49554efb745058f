namespace McpQdrant.Server.Filters.Checks;

/// <summary>A time as a filter gave it: the text is kept, for years of six digits have no other way to be written.</summary>
internal sealed record TimeBound(string Text, Timestamp At);
