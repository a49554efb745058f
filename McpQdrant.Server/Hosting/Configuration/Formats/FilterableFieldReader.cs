using System.Text.Json;
using McpQdrant.Core.Collections;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Reads one element of <c>FILTERABLE_FIELDS</c>.</summary>
internal static class FilterableFieldReader
{
    private const int MaxNameLength = 64;

    /// <summary>Arguments that qdrant-find has already.</summary>
    private static readonly string[] TakenNames = ["query", "collection_name", "query_filter"];

    private static readonly string[] Properties = ["name", "description", "field_type", "condition", "required"];

    private static readonly (string Word, FieldType Type, FilterOperator[] Conditions)[] Types =
    [
        ("keyword", FieldType.Keyword, [FilterOperator.Equal, FilterOperator.NotEqual, FilterOperator.Any, FilterOperator.Except]),
        ("integer", FieldType.Integer, Enum.GetValues<FilterOperator>()),
        ("float", FieldType.Float, [FilterOperator.Greater, FilterOperator.GreaterOrEqual, FilterOperator.Less, FilterOperator.LessOrEqual]),
        ("boolean", FieldType.Boolean, [FilterOperator.Equal, FilterOperator.NotEqual]),
    ];

    private static readonly (string Word, FilterOperator Condition)[] Conditions =
    [
        ("==", FilterOperator.Equal), ("!=", FilterOperator.NotEqual), (">", FilterOperator.Greater), (">=", FilterOperator.GreaterOrEqual),
        ("<", FilterOperator.Less), ("<=", FilterOperator.LessOrEqual), ("any", FilterOperator.Any), ("except", FilterOperator.Except),
    ];

    /// <param name="position">The element's place, counted from 1, by which it is called as long as its name isn't known.</param>
    /// <exception cref="SettingException">It is no valid field; the message names it.</exception>
    public static FilterableField Read(JsonElement json, int position)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new SettingException($"Field {position} must be an object.");

        var name = Text(json, "name", $"Field {position}") ?? throw new SettingException($"Field {position} has no name.");
        CheckName(name);
        CheckProperties(json, name);

        var description = Text(json, "description", Called(name)) ?? throw new SettingException($"{Called(name)} has no description.");
        var (typeWord, type, conditions) = ReadType(json, name);
        var condition = ReadCondition(json, name, typeWord, conditions);

        return condition is not null && TakenNames.Contains(name)
            ? throw new SettingException($"{Called(name)} has the name of an argument that qdrant-find has already. Choose another one.")
            : new(name, description, type, condition, ReadRequired(json, name));
    }

    /// <summary>A name is an argument's name for a model and a path in the payload; both take these characters as they are.</summary>
    private static void CheckName(string name)
    {
        if (name.Length is 0 or > MaxNameLength || !name.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.'))
            throw new SettingException($"{Called(name)} must have a name of 1 to {MaxNameLength} letters, digits, '_', '-' and '.'.");
    }

    private static void CheckProperties(JsonElement json, string name)
    {
        foreach (var property in json.EnumerateObject())
            if (!Properties.Contains(property.Name))
                throw new SettingException(
                    $"{Called(name)} has the unknown property {SettingText.Quote(property.Name)}. Known are {string.Join(", ", Properties)}.");
    }

    private static (string Word, FieldType Type, FilterOperator[] Conditions) ReadType(JsonElement json, string name)
    {
        var allowed = string.Join(", ", Types.Select(type => type.Word));
        var text = Text(json, "field_type", Called(name)) ?? throw new SettingException($"{Called(name)} has no field_type. Allowed are {allowed}.");
        var type = Array.Find(Types, type => type.Word == text);

        return type.Word is null
            ? throw new SettingException($"{Called(name)} has the field_type {SettingText.Quote(text)}. Allowed are {allowed}.")
            : type;
    }

    private static FilterOperator? ReadCondition(JsonElement json, string name, string type, FilterOperator[] allowed)
    {
        if (Text(json, "condition", Called(name)) is not { } text)
            return null;

        var (word, condition) = Array.Find(Conditions, condition => condition.Word == text);
        return word is null || !allowed.Contains(condition)
            ? throw new SettingException(
                $"{Called(name)} has the condition {SettingText.Quote(text)}. Allowed for {type} are "
                + $"{string.Join(", ", Conditions.Where(known => allowed.Contains(known.Condition)).Select(known => known.Word))}.")
            : condition;
    }

    private static bool ReadRequired(JsonElement json, string name) => Property(json, "required") switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw new SettingException($"{Called(name)} must have true or false as required."),
    };

    private static string? Text(JsonElement json, string property, string subject) => Property(json, property) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new SettingException($"{subject} must have a text as its {property}."),
    };

    private static JsonElement? Property(JsonElement json, string property) =>
        json.TryGetProperty(property, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Called(string name) => $"The field {SettingText.Quote(name)}";
}
