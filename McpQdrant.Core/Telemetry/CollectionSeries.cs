using System.Collections.Concurrent;

namespace McpQdrant.Core.Telemetry;

/// <summary>Which collections have series of their own in metrics: those that a store has shown to exist, up to a number.</summary>
/// <remarks>
/// A metric keeps each value of an attribute for as long as the process lives, 2,000 of them at most. Names that callers make up would
/// fill it, and the collections that there are would be counted no more.
/// </remarks>
public static class CollectionSeries
{
    /// <summary>With ten operations of a store each, they stay below what a metric keeps.</summary>
    public const int MaxCollections = 150;

    /// <summary>What stands for all others, as <c>_OTHER</c> does for methods in OpenTelemetry's conventions.</summary>
    public const string Other = "_OTHER";

    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    /// <summary>A store has told that the collection exists.</summary>
    public static void Add(string collection)
    {
        if (Known.Count < MaxCollections)
            Known.TryAdd(collection, true);
    }

    public static string NameOf(string collection) => Known.ContainsKey(collection) ? collection : Other;
}
