namespace McpQdrant.Server.Filters.Checks;

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
