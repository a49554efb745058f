using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Core.Secrets;

/// <summary>What becomes of a memory that holds a secret.</summary>
public enum SecretHandling
{
    /// <summary>It is stored as it is.</summary>
    Allow,

    /// <summary>It is stored with <c>[secret: kind]</c> in the secret's place.</summary>
    Mask,

    /// <summary>It is not stored.</summary>
    Refuse,
}

/// <summary>Keeps secrets out of what is stored: the use cases that store ask it, so no front door can forget to.</summary>
public sealed class SecretFilter(SecretHandling handling)
{
    /// <summary>The longest text that can stand for a secret by itself in a field that is named for one.</summary>
    private const int MaxFieldLength = 500;

    /// <summary>The text as it may be stored.</summary>
    /// <exception cref="MemoryException">It holds a secret, and those are refused.</exception>
    public string Apply(string text) => handling switch
    {
        SecretHandling.Refuse when SecretScan.KindIn(text) is { } kind => throw Refusal("text", kind),
        SecretHandling.Mask => SecretScan.Mask(text),
        _ => text,
    };

    /// <summary>The metadata as they may be stored; the same element where nothing had to be masked.</summary>
    /// <exception cref="MemoryException">They hold a secret, and those are refused; or the name of a field is one.</exception>
    public JsonElement? Apply(JsonElement? metadata)
    {
        if (handling == SecretHandling.Allow || metadata is not { } json || KindIn(json) is not { } kind)
            return metadata;
        if (handling == SecretHandling.Refuse)
            throw Refusal("metadata", kind);

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Mask(json, name: null, writer);
        return JsonElement.Parse(buffer.WrittenSpan, new JsonDocumentOptions { MaxDepth = 1024 });
    }

    private static MemoryException Refusal(string place, string kind) => new(
        $"The {place} holds what looks like {kind}, and secrets are not kept here, so nothing was stored. Leave it out, and say instead where it is kept.");

    private static string? KindIn(JsonElement json, string? name = null)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in json.EnumerateObject())
                {
                    if ((SecretScan.KindIn(field.Name) ?? KindIn(field.Value, field.Name)) is { } kind)
                        return kind;
                }
                return null;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    if (KindIn(item, name) is { } kind)
                        return kind;
                }
                return null;
            case JsonValueKind.String:
                return SecretScan.KindIn(json.GetString()!) ?? NamedKind(name, json.GetString()!);
            case JsonValueKind.Number:
                return SecretScan.KindIn(json.GetRawText());
            default:
                return null;
        }
    }

    /// <summary>A value may be a secret only because of its field's name: <c>{"password": "…"}</c>.</summary>
    private static string? NamedKind(string? name, string value) =>
        name is null || value.Length > MaxFieldLength || value.AsSpan().ContainsAny(" \t\r\n") ? null : SecretScan.KindIn($"{name}: {value}");

    private static void Mask(JsonElement json, string? name, Utf8JsonWriter writer)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in json.EnumerateObject())
                {
                    // Two names could become one.
                    if (SecretScan.KindIn(field.Name) is { } kind)
                        throw Refusal("name of a field of the metadata", kind);
                    writer.WritePropertyName(field.Name);
                    Mask(field.Value, field.Name, writer);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                    Mask(item, name, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                var text = SecretScan.Mask(json.GetString()!);
                writer.WriteStringValue(NamedKind(name, text) is null ? text : SecretScan.Mask($"{name}: {text}")[(name!.Length + 2)..]);
                break;
            case JsonValueKind.Number when SecretScan.KindIn(json.GetRawText()) is not null:
                writer.WriteStringValue(SecretScan.Mask(json.GetRawText()));
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }
}
