using System.Globalization;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>A memory as a payload, in the collection's own shape, and back.</summary>
internal static class QdrantPayload
{
    /// <param name="others">See <see cref="StoredMemory.Others"/>.</param>
    /// <exception cref="MemoryException">The metadata lie flat beside the text and claim its field.</exception>
    public static void Write(Utf8JsonWriter writer, CollectionLayout collection, Memory memory, MemoryRevision revision, JsonElement? others)
    {
        writer.WriteStartObject();
        writer.WriteString(collection.TextField, memory.Text);
        if (collection.MetadataField is { } field)
        {
            writer.WritePropertyName(field);
            if (memory.Metadata is { } metadata)
                metadata.WriteTo(writer);
            else
                writer.WriteNullValue();
        }
        else if (memory.Metadata is { } flat)
        {
            foreach (var entry in flat.EnumerateObject())
            {
                if (IsOurs(entry, collection))
                    throw new MemoryException(
                        $"Collection '{collection.Name}' keeps metadata beside the text, and '{entry.Name}' is a field of the memory itself. Rename that key.");
                entry.WriteTo(writer);
            }
        }
        if (memory.StoredAt is { } storedAt)
            writer.WriteString(CollectionLayout.StoredAtField, Rfc3339.Write(storedAt));
        if (memory.ChangedAt is not null && memory.FirstStoredAt is { } first)
            writer.WriteString(CollectionLayout.FirstStoredAtField, Rfc3339.Write(first));
        if (memory.ExpiresAt is { } expires)
            writer.WriteString(CollectionLayout.ExpiresAtField, Rfc3339.Write(expires));
        WriteAuthor(writer, memory);
        writer.WriteString(CollectionLayout.RevisionField, revision.Value);
        foreach (var other in others?.EnumerateObject() ?? default)
            other.WriteTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>Reads what any program may have written: a payload without the expected fields is a memory all the same.</summary>
    public static Memory Read(MemoryId id, JsonElement payload, CollectionLayout collection)
    {
        if (payload.ValueKind != JsonValueKind.Object)
            return new Memory(id, "", null, null);

        var textField = TextFieldOf(payload, collection);
        var memory = new Memory(id, Text(payload, textField), Metadata(payload, collection, textField), ReadTime(payload, CollectionLayout.StoredAtField))
        {
            FirstStoredAt = ReadTime(payload, CollectionLayout.FirstStoredAtField),
            ExpiresAt = ReadTime(payload, CollectionLayout.ExpiresAtField),
            By = ReadBy(payload),
            RevisionNumber = ReadRevisionNumber(payload),
        };
        return ReadRevision(payload) is { } revision ? memory with { Revision = revision } : memory;
    }

    /// <returns>The field that holds the text, and the text as it stands there; null for none, and for what is no text.</returns>
    public static (string? Field, string? Text) ReadTextField(JsonElement payload, CollectionLayout collection) =>
        payload.ValueKind == JsonValueKind.Object && TextFieldOf(payload, collection) is { } field && payload.GetProperty(field) is { ValueKind: JsonValueKind.String } text
            ? (field, text.GetString())
            : (null, null);

    /// <returns>Null where another program wrote the memory.</returns>
    public static MemoryRevision? ReadRevision(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty(CollectionLayout.RevisionField, out var value) && value.ValueKind == JsonValueKind.String
            ? new MemoryRevision(value.GetString()!)
            : null;

    /// <summary>What a payload holds beside a memory's text, time and metadata; null for nothing.</summary>
    public static JsonElement? ReadOthers(JsonElement payload, CollectionLayout collection)
    {
        if (payload.ValueKind != JsonValueKind.Object || !HasMetadataField(payload, collection))
            return null;

        var textField = TextFieldOf(payload, collection);
        var others = payload.EnumerateObject()
            .Where(entry => entry.Name != textField && !IsOurs(entry, collection) && !entry.NameEquals(collection.MetadataField!))
            .ToList();
        return others.Count == 0 ? null : ObjectOf(others);
    }

    private static string? TextFieldOf(JsonElement payload, CollectionLayout collection)
    {
        if (payload.TryGetProperty(collection.TextField, out _))
            return collection.TextField;
        if (payload.TryGetProperty(CollectionLayout.DefaultTextField, out _))
            return CollectionLayout.DefaultTextField;
        return PayloadShape.KnownTextFields.FirstOrDefault(field => payload.TryGetProperty(field, out _));
    }

    private static string Text(JsonElement payload, string? field) => field is null ? "" : payload.GetProperty(field) switch
    {
        { ValueKind: JsonValueKind.Null } => "",
        var value => value.ToString(),
    };

    private static JsonElement? Metadata(JsonElement payload, CollectionLayout collection, string? textField)
    {
        if (HasMetadataField(payload, collection))
            return payload.GetProperty(collection.MetadataField!) is { ValueKind: JsonValueKind.Object } metadata ? metadata.Clone() : null;

        var rest = payload.EnumerateObject()
            .Where(entry => entry.Name != textField && !CollectionLayout.IsOwnField(entry.Name))
            .ToList();
        return rest.Count == 0 ? null : ObjectOf(rest);
    }

    /// <summary>Else what lies beside the text is the metadata.</summary>
    private static bool HasMetadataField(JsonElement payload, CollectionLayout collection) =>
        collection.MetadataField is { } field && payload.TryGetProperty(field, out var metadata)
        && metadata.ValueKind is JsonValueKind.Object or JsonValueKind.Null;

    private static JsonElement ObjectOf(List<JsonProperty> entries)
    {
        var json = QdrantJson.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var entry in entries)
                entry.WriteTo(writer);
            writer.WriteEndObject();
        });
        return JsonElement.Parse(json.Span, QdrantJson.Deep);
    }

    public static DateTimeOffset? ReadTime(JsonElement payload, string field) =>
        payload.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : null;

    /// <summary>Writes who wrote a memory last, and how often it was written.</summary>
    public static void WriteAuthor(Utf8JsonWriter writer, Memory memory)
    {
        if (memory.By is { } by)
            writer.WriteString(CollectionLayout.ByField, by);
        if (memory.RevisionNumber > 1)
            writer.WriteNumber(CollectionLayout.RevisionNumberField, memory.RevisionNumber);
    }

    /// <returns>Null where nobody wrote it down.</returns>
    public static string? ReadBy(JsonElement payload) =>
        payload.TryGetProperty(CollectionLayout.ByField, out var by) && by.ValueKind == JsonValueKind.String ? by.GetString() : null;

    /// <returns>0 where nobody wrote it down.</returns>
    public static int ReadRevisionNumber(JsonElement payload) =>
        payload.TryGetProperty(CollectionLayout.RevisionNumberField, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value) ? value : 0;

    private static bool IsOurs(JsonProperty entry, CollectionLayout collection) =>
        entry.NameEquals(collection.TextField) || CollectionLayout.IsOwnField(entry.Name);
}
