using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Core.Access;

/// <summary>Which memories of a collection a call is about: all, or those whose metadata have certain values in the fields of <see cref="ScopeFields"/>.</summary>
/// <remarks>
/// It comes with the layout to each call of the store, see <see cref="ScopedMemories"/>. A memory is in scope if each pinned field holds the one value that
/// is pinned, so one that several users have (an array) belongs to none of them.
/// </remarks>
public sealed class MemoryScope
{
    private readonly AuditLog? _audit;
    private readonly string _caller;
    private readonly string _action;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>No field is pinned, and nothing is filled in.</summary>
    public static MemoryScope Everything { get; } = new(audit: null, "", "", ScopeFields.None, ScopeFields.None);

    /// <param name="audit">Gets a line on each attempt to leave the scope.</param>
    /// <param name="caller">Who calls, for the audit log.</param>
    /// <param name="action">What it does, for the audit log.</param>
    /// <param name="pins">Fields with the values that a memory must have to be in scope.</param>
    /// <param name="labels">Fields with the values that what is stored gets where the call gives none.</param>
    internal MemoryScope(AuditLog? audit, string caller, string action, IReadOnlyDictionary<string, string> pins, IReadOnlyDictionary<string, string> labels)
    {
        (_audit, _caller, _action, Pins, Labels) = (audit, caller, action, pins, labels);
        Filter = pins.Count == 0 ? null : new Filter { Must = [.. pins.SelectMany(pin => Conditions(KeyOf(pin.Key), pin.Value))] };
    }

    internal IReadOnlyDictionary<string, string> Pins { get; }

    internal IReadOnlyDictionary<string, string> Labels { get; }

    public bool IsPinned => Pins.Count > 0;

    /// <summary>Selects what is in scope; null for everything.</summary>
    internal Filter? Filter { get; }

    internal static string KeyOf(string field) => $"{CollectionLayout.DefaultMetadataField}.{field}";

    internal bool Contains(Memory memory) => Pins.All(pin => memory.Metadata is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty(pin.Key, out var value) && Holds(value, pin.Value));

    /// <summary>The metadata of something to be stored: with the pinned values, and with labels where the call gives none.</summary>
    /// <exception cref="OutOfScopeException">They have another value in a pinned field.</exception>
    internal JsonElement? Complete(JsonElement? metadata)
    {
        RequireOwn(metadata);
        return With(metadata, Labels.Where(label => !Has(metadata, label.Key)).Concat(Pins));
    }

    /// <summary>Metadata as they are to be after a change: with the pinned values.</summary>
    /// <param name="asked">What the call says of them; null for nothing.</param>
    /// <exception cref="OutOfScopeException">The call gives another value to a pinned field, or takes it away.</exception>
    internal JsonElement? Keep(JsonElement? metadata, JsonElement? asked)
    {
        RequireOwn(asked);
        return With(metadata, Pins);
    }

    /// <summary>Writes to the audit log what was asked for beyond the scope.</summary>
    internal void WriteRefusal(CollectionName? collection, string what) => _audit?.Refused(_caller, _action, collection?.Value, what);

    private void RequireOwn(JsonElement? metadata)
    {
        if (!IsPinned || metadata is not { ValueKind: JsonValueKind.Object } given)
            return;
        // Whichever of two fields of one name a store would take.
        foreach (var field in given.EnumerateObject())
        {
            if (!Pins.TryGetValue(field.Name, out var value) || Holds(field.Value, value))
                continue;

            WriteRefusal(collection: null, $"another {field.Name}");
            throw new OutOfScopeException($"You work for one '{field.Name}' here, and the metadata name another one. Nothing was changed; leave '{field.Name}' out, it is filled in.");
        }
    }

    private static IEnumerable<Condition> Conditions(string key, string value) => [Condition.Match(key, value), Condition.HoldsOne(key)];

    private static bool Holds(JsonElement value, string wanted) => value.ValueKind switch
    {
        JsonValueKind.String => value.ValueEquals(wanted),
        JsonValueKind.Array => value.GetArrayLength() == 1 && value[0] is { ValueKind: JsonValueKind.String } only && only.ValueEquals(wanted),
        _ => false,
    };

    private static bool Has(JsonElement? metadata, string field) => metadata is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(field, out _);

    private static JsonElement? With(JsonElement? metadata, IEnumerable<KeyValuePair<string, string>> values)
    {
        var set = values.ToDictionary(StringComparer.Ordinal);
        if (set.Count == 0)
            return metadata;

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            foreach (var field in metadata?.EnumerateObject() ?? default)
            {
                if (!set.ContainsKey(field.Name))
                    field.WriteTo(json);
            }
            foreach (var (name, value) in set)
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan, new JsonDocumentOptions { MaxDepth = 1024 });
    }
}

/// <summary>The fields of metadata by which memories are kept apart within a collection.</summary>
public static class ScopeFields
{
    public static IReadOnlyList<string> Names { get; } = ["user", "agent", "session", "project"];

    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    private const int MaxValueLength = 256;

    /// <summary>Why a field can't have a value, in a sentence without a beginning; null where it can.</summary>
    public static string? Problem(string field, string? value) =>
        !Names.Contains(field, StringComparer.Ordinal) ? $"names '{field}', and the fields are {string.Join(", ", Names)}"
        : value is not { Length: > 0 and <= MaxValueLength } || value.Any(char.IsControl) ? $"needs a value of 1 to {MaxValueLength} characters on one line for '{field}'"
        : null;
}

/// <summary>The caller named a value that isn't the one it is pinned to.</summary>
public sealed class OutOfScopeException(string message) : MemoryException(message);
