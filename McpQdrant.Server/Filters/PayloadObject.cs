namespace McpQdrant.Server.Filters;

/// <summary>The members of a JSON object.</summary>
/// <param name="keys">In ordinal order, each once; objects with the same keys share the array.</param>
/// <param name="values">Beside their keys.</param>
internal sealed class PayloadObject(string[] keys, PayloadValue[] values)
{
    /// <summary>Up to here comparing one after the other is faster: most keys differ in length already.</summary>
    private const int ScannedKeys = 12;

    public bool TryGet(string key, out PayloadValue value)
    {
        var at = keys.Length <= ScannedKeys ? Scan(key) : Array.BinarySearch(keys, key, StringComparer.Ordinal);
        value = at >= 0 ? values[at] : default;
        return at >= 0;
    }

    private int Scan(string key)
    {
        for (var at = 0; at < keys.Length; at++)
        {
            if (string.Equals(keys[at], key))
                return at;
        }

        return -1;
    }
}
