using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>The arguments of <c>qdrant-find</c> that filter: one for each filterable field, or else any filter, or none.</summary>
internal sealed class FilterArguments(ToolOptions options)
{
    private const string AnyFilter = "query_filter";

    private readonly IReadOnlyList<FilterableField> _fields = [.. options.FilterableFields.Where(field => field.Condition is not null)];

    /// <summary>The operator's fields come first: an argument of their name is theirs.</summary>
    public bool Has(string argument) => _fields.Any(field => field.Name == argument);

    private bool TakesAnyFilter => _fields.Count == 0 && options.AllowArbitraryFilter;

    public ObjectSchema AddTo(ObjectSchema schema)
    {
        foreach (var field in _fields)
        {
            schema = field.Required
                ? schema.Required(field.Name, TypeOf(field), field.Description)
                : schema.Optional(field.Name, TypeOf(field), field.Description);
        }
        return TakesAnyFilter ? schema.Optional(AnyFilter, QueryFilter.JsonSchema, QueryFilter.Description) : schema;
    }

    /// <summary>Why an argument that isn't there is refused, where there is more to say than that.</summary>
    public string? WhyNot(string argument) => argument switch
    {
        AnyFilter when _fields.Count > 0 => $"There is no '{AnyFilter}' here: filter by {string.Join(", ", _fields.Select(field => $"'{field.Name}'"))}.",
        AnyFilter => $"Filters of one's own are turned off here. Leave '{AnyFilter}' out, or have the operator set QDRANT_ALLOW_ARBITRARY_FILTER=true.",
        _ => null,
    };

    /// <returns>Null where no argument filters.</returns>
    /// <exception cref="MemoryException">An argument is missing or of the wrong type, or the filter is wrong.</exception>
    public Filter? Read(ToolArguments arguments)
    {
        if (TakesAnyFilter)
            return QueryFilter.Read(arguments, AnyFilter);

        var must = new List<Condition>();
        var mustNot = new List<Condition>();
        foreach (var field in _fields)
        {
            if (arguments.Value(field.Name) is { } value)
                (field.Condition == FilterOperator.NotEqual ? mustNot : must).Add(ConditionOf(field, value));
            else if (field.Required)
                throw new MemoryException($"The argument '{field.Name}' is missing. Give {Wanted(field)}.");
        }
        return must.Count + mustNot.Count == 0 ? null : new Filter { Must = must, MustNot = mustNot };
    }

    private static Condition ConditionOf(FilterableField field, JsonElement value)
    {
        var key = $"{CollectionLayout.DefaultMetadataField}.{field.Name}";
        return field.Condition switch
        {
            FilterOperator.Greater => Condition.Range(key, gt: Number(field, value)),
            FilterOperator.GreaterOrEqual => Condition.Range(key, gte: Number(field, value)),
            FilterOperator.Less => Condition.Range(key, lt: Number(field, value)),
            FilterOperator.LessOrEqual => Condition.Range(key, lte: Number(field, value)),
            FilterOperator.Any when field.Type == FieldType.Integer => Condition.MatchAny(key, Items(field, value).Select(item => Integer(field, item))),
            FilterOperator.Any => Condition.MatchAny(key, Items(field, value).Select(item => Keyword(field, item))),
            FilterOperator.Except when field.Type == FieldType.Integer => Condition.MatchExcept(key, Items(field, value).Select(item => Integer(field, item))),
            FilterOperator.Except => Condition.MatchExcept(key, Items(field, value).Select(item => Keyword(field, item))),
            _ => field.Type switch
            {
                FieldType.Integer => Condition.Match(key, Integer(field, value)),
                FieldType.Boolean => Condition.Match(key, Boolean(field, value)),
                _ => Condition.Match(key, Keyword(field, value)),
            },
        };
    }

    private static string Keyword(FilterableField field, JsonElement value) =>
        value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? throw Wrong(field) : ToolArguments.AsText(field.Name, value);

    private static long Integer(FilterableField field, JsonElement value) => ToolArguments.AsInteger(field.Name, value) ?? throw Wrong(field);

    private static double Number(FilterableField field, JsonElement value) =>
        field.Type == FieldType.Integer ? Integer(field, value) : ToolArguments.AsNumber(field.Name, value) ?? throw Wrong(field);

    private static bool Boolean(FilterableField field, JsonElement value) => ToolArguments.AsBoolean(field.Name, value) ?? throw Wrong(field);

    private static IEnumerable<JsonElement> Items(FilterableField field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? throw Wrong(field) : ToolArguments.AsItems(field.Name, value);

    private static MemoryException Wrong(FilterableField field) => new($"The argument '{field.Name}' is not what it must be. Give {Wanted(field)}.");

    private static string Wanted(FilterableField field)
    {
        var (one, many) = field.Type switch
        {
            FieldType.Integer => ("an integer", "integers"),
            FieldType.Float => ("a number", "numbers"),
            FieldType.Boolean => ("true or false", "booleans"),
            _ => ("a string", "strings"),
        };
        return TakesMany(field) ? $"an array of {many}" : one;
    }

    private static string TypeOf(FilterableField field)
    {
        var type = field.Type switch
        {
            FieldType.Integer => "integer",
            FieldType.Float => "number",
            FieldType.Boolean => "boolean",
            _ => "string",
        };
        return TakesMany(field) ? $$$"""{"type": "array", "items": {"type": "{{{type}}}"}}""" : $$"""{"type": "{{type}}"}""";
    }

    private static bool TakesMany(FilterableField field) => field.Condition is FilterOperator.Any or FilterOperator.Except;
}
