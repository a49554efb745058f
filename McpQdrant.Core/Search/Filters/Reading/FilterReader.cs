using System.Runtime.InteropServices;
using System.Text.Json;
using McpQdrant.Core.Search.Filters.Conditions;

namespace McpQdrant.Core.Search.Filters;

/// <summary>Reads a filter from JSON, as strictly as Qdrant 1.18: a filter takes no fields but its own, a condition ignores what it doesn't know.</summary>
internal sealed class FilterReader
{
    /// <summary>Room for 25,000 ids, which no one writes by hand; reading as much takes milliseconds.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Filters within filters. The JSON reader stops at 64 levels, and each takes two.</summary>
    public const int MaxDepth = 30;

    private const string Example = """{"must": [{"key": "metadata.project", "match": {"value": "x"}}]}""";

    private const string FilterUse = $"A filter is an object with must, must_not, should or min_should, for instance {Example}.";

    private const string ConditionUse =
        """A condition is a key with a check, for instance {"key": "metadata.project", "match": {"value": "x"}}, or one of is_empty, is_null, has_id, has_vector and nested, or a filter.""";

    private const string KeyUse = """Give it as {"key": "metadata.project"}.""";

    private static readonly string[] FilterFields = ["must", "must_not", "should", "min_should"];

    private static readonly string[] ConditionFields = ["key", "is_empty", "is_null", "has_id", "has_vector", "nested"];

    private static readonly string[] CheckFields = ["match", "range", "values_count", "geo_radius", "geo_bounding_box", "geo_polygon"];

    private readonly FilterBudget _budget = new();
    private readonly FieldCheckReader _checks;

    private FilterReader() => _checks = new FieldCheckReader(_budget);

    /// <exception cref="FilterException">This is no filter, or too large a one; the message says where and why.</exception>
    public static Filter Read(JsonElement json)
    {
        var root = new FilterNode(json, "");
        if (root.IsText)
            throw root.Refusal($"is a text. Give the object itself, without quotes around it. {FilterUse}");
        if (!root.IsObject)
            throw root.NotUsable(FilterUse);
        if (JsonMarshal.GetRawUtf8Value(json).Length > MaxBytes)
            throw root.Refusal($"is longer than {MaxBytes} bytes. Ask in several steps.");

        try
        {
            return new FilterReader().Filter(root, depth: 1);
        }
        catch (InvalidOperationException broken)
        {
            // Kinds are looked at before values, so that only texts are left to be broken.
            throw new FilterException("The filter holds a text that is no Unicode, such as half of a surrogate pair. Leave it out.", broken);
        }
    }

    private Filter Filter(FilterNode node, int depth)
    {
        if (depth > MaxDepth)
            throw node.Refusal($"is a filter within {MaxDepth} others. Nest less deeply.");

        RefuseOtherFields(node.Object(FilterUse));
        return new Filter
        {
            Must = Conditions(node.Member("must"), depth),
            MustNot = Conditions(node.Member("must_not"), depth),
            Should = Conditions(node.Member("should"), depth),
            MinShould = node.Member("min_should") is { } minShould ? MinShould(minShould, depth) : null,
            Source = depth == 1 ? node.Value.Clone() : null,
        };
    }

    private static void RefuseOtherFields(FilterNode node)
    {
        var seen = new HashSet<string>();
        foreach (var field in node.Value.EnumerateObject())
        {
            if (node.Place.Length == 0 && ConditionFields.Contains(field.Name))
                throw node.Refusal($"is a condition by itself. Put it into a list, as in {Example}.");
            if (CheckFields.Contains(field.Name))
                throw node.Refusal($"has {field.Name} and no key that says where to look. {(node.Place.Length == 0 ? FilterUse : ConditionUse)}");
            if (!FilterFields.Contains(field.Name))
                throw node.Refusal($"has the unknown field '{FilterNode.Short(field.Name)}'. {(node.Place.Length == 0 ? FilterUse : ConditionUse)}");
            if (!seen.Add(field.Name))
                throw node.Refusal($"has {field.Name} twice. Put all its conditions into one list.");
        }
    }

    /// <summary>A list of conditions, or one that isn't in a list.</summary>
    private Condition[]? Conditions(FilterNode? node, int depth)
    {
        if (node is not { } conditions)
            return null;

        _budget.Spend(conditions.IsList ? conditions.Value.GetArrayLength() : 1);
        return conditions.IsObject
            ? [Condition(conditions, depth)]
            : [.. conditions.Items("Give a list of conditions. " + ConditionUse).Select(item => Condition(item, depth))];
    }

    private MinShould MinShould(FilterNode node, int depth)
    {
        const string use = """Give it as {"conditions": [...], "min_count": 2}.""";
        var conditions = node.Object(use).Required("conditions", use);
        if (!conditions.IsList)
            throw conditions.NotUsable("Give a list of conditions.");

        return new MinShould(
            node.Required("min_count", use).Count("Give a whole number from 0."),
            Conditions(conditions, depth)!);
    }

    /// <summary>The kinds in the order in which Qdrant tries them.</summary>
    private Condition Condition(FilterNode node, int depth)
    {
        if (node.Object(ConditionUse).Value.TryGetProperty("key", out var key))
            return new FieldCondition(Path(node.At("key", key)), _checks.Read(node));
        if (node.Member("is_empty") is { } empty)
            return new IsEmptyCondition(Path(empty.Object(KeyUse).Required("key", KeyUse)));
        if (node.Member("is_null") is { } isNull)
            return new IsNullCondition(Path(isNull.Object(KeyUse).Required("key", KeyUse)));
        if (node.Member("has_id") is { } ids)
            return new HasIdCondition(ids.Items("Give a list of ids.").Select(Id));
        if (node.Member("has_vector") is { } vector)
            return new HasVectorCondition(vector.Text("Give a vector's name, or \"\" for the unnamed one."));

        return node.Member("nested") is { } nested ? Nested(nested, depth) : Filter(node, depth + 1);
    }

    private NestedCondition Nested(FilterNode node, int depth)
    {
        const string use = """Give it as {"key": "metadata.items", "filter": {"must": [...]}}.""";
        return new NestedCondition(
            Path(node.Object(use).Required("key", use)),
            Filter(node.Required("filter", use), depth + 1));
    }

    private static PointId Id(FilterNode node)
    {
        const string use = "An id is a UUID in quotes or a whole number from 0 without quotes.";
        if (!node.IsText)
            return new PointId(node.Count(use));

        return PointId.TryParseUuid(node.Text(use), out var id) ? id : throw node.NotUsable(use);
    }

    private static FieldPath Path(FilterNode node) =>
        FieldPath.TryParse(node.Text(FieldPath.Syntax), out var path) ? path : throw node.NotUsable($"That is no path. {FieldPath.Syntax}");
}

/// <summary>A filter that can't be read: the message names the place in it and says what is allowed there.</summary>
public sealed class FilterException(string message, Exception? innerException = null) : Exception(message, innerException);
