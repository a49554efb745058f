using System.Text.Json;
using McpQdrant.Core.Collections;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Reads <c>FILTERABLE_FIELDS</c>: a JSON array of <c>{name, description, field_type, condition, required}</c>.</summary>
internal static class FilterableFieldsFormat
{
    public static SettingFormat<IReadOnlyList<FilterableField>> Format { get; } = new(
        "a JSON array of objects with name, description, field_type, condition and required", text =>
        {
            var fields = new List<FilterableField>();
            var refusals = new List<string>();
            foreach (var (position, json) in ParseArray(text).Index())
            {
                try
                {
                    var field = FilterableFieldReader.Read(json, position + 1);
                    if (fields.Any(other => other.Name == field.Name))
                        throw new SettingException($"The field '{field.Name}' is there twice.");

                    fields.Add(field);
                }
                catch (SettingException refusal)
                {
                    refusals.Add(refusal.Message);
                }
            }

            return refusals.Count == 0 ? fields : throw new SettingException(string.Join(' ', refusals));
        });

    private static List<JsonElement> ParseArray(string text)
    {
        try
        {
            var json = JsonElement.Parse(text);
            return json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : throw new SettingException("it must be a JSON array of objects.");
        }
        catch (JsonException invalid)
        {
            throw new SettingException($"line {invalid.LineNumber + 1}, byte {invalid.BytePositionInLine + 1} is no JSON. It must be a JSON array of objects.");
        }
    }
}

/// <summary>A field of the metadata by which finds are filtered.</summary>
/// <param name="Name">The argument's name, and the path below <c>metadata</c> in the payload.</param>
/// <param name="Description">Tells a model what to put there.</param>
/// <param name="Condition">Null for a field that is indexed, and no argument.</param>
/// <param name="Required">Whether a find must give it.</param>
internal sealed record FilterableField(string Name, string Description, FieldType Type, FilterOperator? Condition, bool Required);

/// <summary>How a filterable field is compared with what the caller gives.</summary>
internal enum FilterOperator
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Any,
    Except,
}
