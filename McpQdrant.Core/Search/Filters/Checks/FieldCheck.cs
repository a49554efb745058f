using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary>A check that a filter can name: <c>match</c>, <c>range</c> and so on.</summary>
internal abstract class FieldCheck : ValueCheck
{
    /// <summary>No payload passes, whatever it holds, and one can see so without looking at it.</summary>
    public virtual bool NeverPasses => false;

    /// <summary>Writes the check as a member of the condition.</summary>
    public abstract void WriteTo(Utf8JsonWriter writer);
}

/// <summary>A check that a list passes by one of its elements. Lists within the list are elements themselves.</summary>
internal abstract class ElementCheck : FieldCheck
{
    public sealed override bool Passes(PayloadValue value)
    {
        if (!value.TryGetItems(out var items))
            return PassesOne(value);

        foreach (var item in items)
        {
            if (PassesOne(item))
                return true;
        }

        return false;
    }

    protected abstract bool PassesOne(PayloadValue value);
}

/// <summary>What is asked of the value that stands at a path.</summary>
internal abstract class ValueCheck
{
    public abstract bool Passes(PayloadValue value);
}
