namespace McpQdrant.Core.Search.Filters;

/// <summary>What is left of the work that a filter may ask for on each memory.</summary>
internal sealed class FilterBudget
{
    /// <summary>1,000 conditions on 100,000 memories take seconds; no one writes so many by hand.</summary>
    public const int MaxConditions = 1000;

    private int _left = MaxConditions;

    /// <exception cref="FilterException">Nothing is left.</exception>
    public void Spend(int conditions)
    {
        _left -= conditions;
        if (_left < 0)
            throw new FilterException(
                $"The filter has more than {MaxConditions} conditions, among which each point of a polygon and each word of text_any counts. "
                + "Ask in several steps, or list values in match.any, where they don't count.");
    }
}
