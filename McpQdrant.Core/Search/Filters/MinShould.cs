using System.Text.Json;

namespace McpQdrant.Core.Search.Filters;

/// <summary>At least so many of the conditions hold. 0 is satisfied by any point, more than there are conditions by none.</summary>
public sealed class MinShould(ulong count, IReadOnlyList<Condition> conditions)
{
    private readonly Condition[] _conditions = [.. conditions];

    internal bool? Constant
    {
        get
        {
            if (_conditions.Length == 0 || count <= (ulong)_conditions.Count(condition => condition.Constant == true))
                return true;
            return count > (ulong)_conditions.Count(condition => condition.Constant != false) ? false : null;
        }
    }

    public bool Reads(string topLevelKey) => _conditions.Any(condition => condition.Reads(topLevelKey));

    public MinShould MapKeys(Func<string, string> map) => new(count, [.. _conditions.Select(condition => condition.MapKeys(map))]);

    internal bool Matches(PayloadValue payload, IFilterSubject? point)
    {
        if (_conditions.Length == 0 && point is not null)
            return true;

        var missing = count;
        foreach (var condition in _conditions)
        {
            if (missing == 0)
                break;
            if (condition.Matches(payload, point))
                missing--;
        }

        return missing == 0;
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("conditions");
        foreach (var condition in _conditions)
            condition.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteNumber("min_count", count);
        writer.WriteEndObject();
    }
}
