namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary>Several checks in one condition: one of them is enough.</summary>
internal sealed class AnyCheck(IReadOnlyList<FieldCheck> checks) : ValueCheck
{
    private readonly FieldCheck[] _checks = [.. checks];

    public override bool Passes(PayloadValue value)
    {
        foreach (var check in _checks)
        {
            if (check.Passes(value))
                return true;
        }

        return false;
    }
}
