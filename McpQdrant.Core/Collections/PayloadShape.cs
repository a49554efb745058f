using System.Text.Json;

namespace McpQdrant.Core.Collections;

/// <summary>Learns from a few payloads where another program keeps text and metadata.</summary>
public static class PayloadShape
{
    /// <summary>What other programs call the text, in the order they are tried: LangChain says <c>page_content</c>.</summary>
    public static readonly IReadOnlyList<string> KnownTextFields = ["text", "page_content", "content", "chunk"];

    /// <summary><c>document</c> where it is used, else the configured field, else a known name that is used.</summary>
    public static string TextField(IReadOnlyList<JsonElement> samples, string? configured)
    {
        if (samples.Any(sample => HoldsText(sample, CollectionLayout.DefaultTextField)))
            return CollectionLayout.DefaultTextField;

        return configured
            ?? KnownTextFields.FirstOrDefault(field => samples.Any(sample => HoldsText(sample, field)))
            ?? CollectionLayout.DefaultTextField;
    }

    /// <summary><c>metadata</c> where it is used or nothing speaks against it; null where other fields lie flat beside the text.</summary>
    public static string? MetadataField(IReadOnlyList<JsonElement> samples, string textField)
    {
        if (samples.Any(sample => sample.TryGetProperty(CollectionLayout.DefaultMetadataField, out var value) && IsObjectOrNull(value)))
            return CollectionLayout.DefaultMetadataField;

        var isFlat = samples.Any(sample => sample.EnumerateObject().Any(field =>
            !field.NameEquals(textField) && !CollectionLayout.IsOwnField(field.Name)));
        return isFlat ? null : CollectionLayout.DefaultMetadataField;
    }

    private static bool HoldsText(JsonElement payload, string field) =>
        payload.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String;

    private static bool IsObjectOrNull(JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.Null;
}
