namespace McpQdrant.Core.History;

/// <summary>Where the changes of one memory led from, whatever their order.</summary>
/// <remarks>
/// Processes that change a memory at the same moment may be written down in another order than the one in which they took effect. But each
/// change says from which state to which it led, and a way that takes each of them once has one beginning.
/// </remarks>
internal static class ChangeChain
{
    private const string Absent = "";

    /// <summary>The states that may have been before the first of the changes, if they are all that led from there to what is there now; null for no memory.</summary>
    /// <param name="changes">Of one memory, the newest first.</param>
    /// <param name="now">The hash of what is there; null for nothing.</param>
    /// <returns>None where something else happened between them. More than one only where several deleted the same state at the same moment: then each has a line.</returns>
    public static IReadOnlyList<StoredMemoryContent?> Starts(IReadOnlyList<Change> changes, string? now)
    {
        var steps = changes.Select(change => (Before: BeforeOf(change), After: change.After ?? Absent)).ToArray();
        var end = now ?? Absent;
        if (!AreJoined(steps, end))
            return [];

        // Every state is left as often as it is reached, but for the first one, and for the last, which is left for nothing.
        var surplus = new Dictionary<string, int> { [end] = 1, [Absent] = end == Absent ? 1 : 0 };
        foreach (var (before, after) in steps)
        {
            surplus[before] = surplus.GetValueOrDefault(before) + 1;
            surplus[after] = surplus.GetValueOrDefault(after) - 1;
        }
        var deletions = steps.Where(step => step.After == Absent).CountBy(step => step.Before).ToDictionary();
        return [.. surplus.Keys.Where(IsStart).Select(first => changes.LastOrDefault(change => BeforeOf(change) == first)?.Before)];

        bool IsStart(string first)
        {
            var twice = surplus.Where(state => state.Key != Absent).Select(state => (State: state.Key, Count: state.Value - (state.Key == first ? 1 : 0))).ToArray();
            return twice.All(state => state.Count >= 0 && state.Count <= Math.Max(0, deletions.GetValueOrDefault(state.State) - 1))
                && surplus[Absent] + twice.Sum(state => state.Count) == (first == Absent ? 1 : 0);
        }
    }

    private static string BeforeOf(Change change) => change.Before is { } before ? ContentHash.Of(before.Memory) : Absent;

    /// <summary>Whether all steps hang together with a state.</summary>
    private static bool AreJoined((string Before, string After)[] steps, string state)
    {
        var neighbours = steps.Concat(steps.Select(step => (Before: step.After, After: step.Before))).ToLookup(step => step.Before, step => step.After);
        var reached = new HashSet<string> { state };
        var next = new Stack<string>(reached);
        while (next.TryPop(out var from))
        {
            foreach (var to in neighbours[from].Where(reached.Add))
                next.Push(to);
        }
        return steps.All(step => reached.Contains(step.Before));
    }
}
