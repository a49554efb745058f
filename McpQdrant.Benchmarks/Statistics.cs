namespace McpQdrant.Benchmarks;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    /// <param name="fraction">From 0 to 1.</param>
    public static double Percentile(IEnumerable<double> values, double fraction)
    {
        var ordered = values.Order().ToArray();
        return ordered[(int)Math.Round(fraction * (ordered.Length - 1))];
    }
}
