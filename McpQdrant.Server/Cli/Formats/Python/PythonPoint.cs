using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats.Json;

namespace McpQdrant.Server.Cli.Formats.Python;

/// <summary>A point as the Python server stores it: the text as <c>document</c>, the metadata beside it.</summary>
internal static class PythonPoint
{
    private const string DocumentField = "document";
    private const int MaxDepth = 120;

    /// <summary>One value may stand in many places, so that a few bytes may be billions of values.</summary>
    private const int MaxValues = 200_000;

    public static ImportEntry Read(byte[] pickled, VectorInfo? vector, string place)
    {
        try
        {
            if (PickleReader.Read(pickled) is not PickledObject { Fields: { } point } || point.GetValueOrDefault("payload") is not Dictionary<string, object?> payload)
                return new ImportEntry.Unreadable(place, "it is no point with a payload");

            var left = MaxValues;
            var json = Fields.Object(writer => WriteFields(writer, payload, 0, ref left));
            return Fields.TextOf(json, DocumentField) is { } text
                ? new ImportEntry.Item(place, Memory(point, json, text, vector))
                : new ImportEntry.Unreadable(place, $"its payload has no text '{DocumentField}'");
        }
        catch (Exception wrong) when (wrong is FormatException or FieldException)
        {
            return new ImportEntry.Unreadable(place, wrong.Message);
        }
    }

    private static ImportedMemory Memory(Dictionary<string, object?> point, JsonElement payload, string text, VectorInfo? vector)
    {
        var others = Fields.Object(writer =>
        {
            foreach (var field in payload.EnumerateObject().Where(field => field.Name is not (DocumentField or CollectionLayout.DefaultMetadataField)))
                field.WriteTo(writer);
        });
        return new ImportedMemory(text, Fields.Find(payload, CollectionLayout.DefaultMetadataField) is { ValueKind: JsonValueKind.Object } metadata ? metadata : null)
        {
            Id = IdOf(point.GetValueOrDefault("id")),
            Others = others.EnumerateObject().Any() ? others : null,
            Vector = vector is null ? null : VectorOf(point.GetValueOrDefault("vector"), vector.Name),
        };
    }

    private static MemoryId IdOf(object? id) => id switch
    {
        long number and >= 0 => new MemoryId((ulong)number),
        ulong number => new MemoryId(number),
        string text when MemoryId.TryParse(text, out var parsed) => parsed,
        _ => throw new FieldException("its 'id' is neither a UUID nor a whole number"),
    };

    private static ReadOnlyMemory<float>? VectorOf(object? vectors, string name)
    {
        var numbers = (vectors is Dictionary<string, object?> named ? named.GetValueOrDefault(name) : vectors) as List<object?>;
        if (numbers is null || !numbers.TrueForAll(number => number is double value && float.IsFinite((float)value)))
            return null;
        return numbers.ConvertAll(number => (float)(double)number!).ToArray();
    }

    private static void WriteFields(Utf8JsonWriter json, Dictionary<string, object?> fields, int depth, ref int left)
    {
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            Write(json, value, depth + 1, ref left);
        }
    }

    private static void Write(Utf8JsonWriter json, object? value, int depth, ref int left)
    {
        if (depth > MaxDepth || --left < 0)
            throw new FieldException("its payload is too deep or too large");

        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                // A fraction says that it is no integer, which filters tell apart.
                json.WriteRawValue(number == Math.Floor(number) && Math.Abs(number) < 1e15 ? number.ToString("F1", System.Globalization.CultureInfo.InvariantCulture) : number.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case List<object?> items:
                json.WriteStartArray();
                foreach (var item in items)
                    Write(json, item, depth + 1, ref left);
                json.WriteEndArray();
                break;
            case Dictionary<string, object?> fields:
                json.WriteStartObject();
                WriteFields(json, fields, depth, ref left);
                json.WriteEndObject();
                break;
            default:
                throw new FieldException("its payload has a value that JSON doesn't have");
        }
    }
}
