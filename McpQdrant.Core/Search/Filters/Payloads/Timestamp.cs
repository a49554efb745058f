namespace McpQdrant.Core.Search.Filters;

/// <summary>A time as Qdrant compares it: to the nanosecond, over years of up to six digits, which is more than .NET's own types hold.</summary>
/// <param name="Seconds">Since 1970-01-01T00:00:00Z, leap seconds not counted.</param>
/// <param name="Nanoseconds">From 0; a billion and more within a leap second, which comes after the 59th and before the next minute.</param>
internal readonly record struct Timestamp(long Seconds, int Nanoseconds) : IComparable<Timestamp>
{
    public int CompareTo(Timestamp other) =>
        Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Reads the spellings that Qdrant reads, the same in a filter and in a payload.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Timestamp timestamp) => new TimestampReader(text).TryRead(out timestamp);
}
