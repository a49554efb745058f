using System.Text.Json;
using McpQdrant.Core.Search.Filters.Checks;

namespace McpQdrant.Core.Search.Filters.Conditions;

/// <summary>A key and one check of what stands there, or more, of which one is enough.</summary>
/// <remarks>
/// Of several checks <c>values_count</c> counts alone, or else <c>is_empty</c>, or else <c>is_null</c>.
/// Where nothing stands at the key, only the last two can be satisfied.
/// </remarks>
internal sealed class FieldCondition : Condition
{
    private readonly FieldPath _path;
    private readonly IReadOnlyList<FieldCheck> _checks;
    private readonly ValueCheck _check;
    private readonly bool _passesMissing;

    /// <param name="checks">One or more, of different kinds.</param>
    public FieldCondition(FieldPath path, IReadOnlyList<FieldCheck> checks)
    {
        var emptiness = checks.OfType<IsEmptyCheck>().FirstOrDefault();
        var nullness = checks.OfType<IsNullCheck>().FirstOrDefault();

        _path = path;
        _checks = checks;
        ValueCheck anyOfThem = checks.Count == 1 ? checks[0] : new AnyCheck(checks);
        _check = checks.OfType<ValuesCount>().FirstOrDefault() ?? emptiness ?? nullness ?? anyOfThem;
        _passesMissing = emptiness?.Expected ?? !(nullness?.Expected ?? true);
    }

    internal override bool? Constant => _checks.All(check => check.NeverPasses) ? false : null;

    internal override bool Matches(PayloadValue payload, IFilterSubject? point) => _path.Any(payload, _check) ?? _passesMissing;

    public override bool Reads(string topLevelKey) => _path.Root == topLevelKey;

    public override Condition MapKeys(Func<string, string> map) => new FieldCondition(_path.Map(map), _checks);

    internal override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("key", _path.ToString());
        foreach (var check in _checks)
            check.WriteTo(writer);
        writer.WriteEndObject();
    }
}
