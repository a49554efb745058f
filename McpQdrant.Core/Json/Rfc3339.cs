using System.Globalization;

namespace McpQdrant.Core.Json;

/// <summary>Times as payloads have them: UTC, with the digits that are needed.</summary>
public static class Rfc3339
{
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
