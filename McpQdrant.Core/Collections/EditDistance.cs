namespace McpQdrant.Core.Collections;

/// <summary>How many letters must be put in, left out or exchanged to make one word of another (Levenshtein).</summary>
public static class EditDistance
{
    /// <param name="limit">Above it, the answer is only that it is more than this.</param>
    public static int Between(ReadOnlySpan<char> one, ReadOnlySpan<char> other, int limit)
    {
        if (Math.Abs(one.Length - other.Length) > limit)
            return limit + 1;

        var above = new int[other.Length + 1];
        var row = new int[other.Length + 1];
        for (var column = 0; column <= other.Length; column++)
            above[column] = column;

        for (var line = 1; line <= one.Length; line++)
        {
            row[0] = line;
            for (var column = 1; column <= other.Length; column++)
            {
                var exchange = above[column - 1] + (one[line - 1] == other[column - 1] ? 0 : 1);
                row[column] = Math.Min(exchange, Math.Min(above[column], row[column - 1]) + 1);
            }

            (above, row) = (row, above);
        }

        return above[other.Length];
    }
}
