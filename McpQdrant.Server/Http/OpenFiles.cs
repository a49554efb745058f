using System.Globalization;

namespace McpQdrant.Server.Http;

/// <summary>How many connections the system leaves to this process.</summary>
internal static class OpenFiles
{
    /// <summary>More would take more memory than such a server has.</summary>
    private const int MaxConnections = 10_000;

    /// <summary>For the files of the store, connections to Qdrant and providers, and the runtime's own.</summary>
    private const int Reserve = 256;

    /// <summary>What the limit of open files leaves; half of it where that is small.</summary>
    public static int ConnectionsLeft() => Limit() is { } limit ? Math.Clamp(limit - Reserve, limit / 2, MaxConnections) : MaxConnections;

    /// <returns>Null where the system has none, or doesn't say.</returns>
    private static int? Limit()
    {
        if (!OperatingSystem.IsLinux())
            return null;

        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
            && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Min(limit, 2 * MaxConnections) : null;
    }
}
