namespace McpQdrant.Server.Stores.Embedded;

/// <summary>As long as two of them are equal, nobody has written to the file in between.</summary>
/// <param name="Generation">Grows when the file is opened anew.</param>
/// <param name="Version">SQLite's <c>data_version</c>, which means something within one generation only.</param>
internal readonly record struct ChangeStamp(int Generation, long Version);
