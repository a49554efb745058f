using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Mcp.Tools.Answers;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>The arguments of a call, read one by one; what is wrong with one is said in a sentence.</summary>
internal sealed class ToolArguments(IDictionary<string, JsonElement>? values)
{
    /// <summary>More names than these in one sentence help nobody.</summary>
    private const int MaxNamed = 5;

    private readonly IDictionary<string, JsonElement> _values = values ?? new Dictionary<string, JsonElement>();

    /// <summary>Passes over arguments that a tool doesn't have: clients add their own, such as <c>toolCallId</c>.</summary>
    /// <param name="whyNot">Says why an argument can't be passed over without changing what is asked; null where it can.</param>
    /// <returns>A sentence that names them; null where there are none.</returns>
    /// <exception cref="MemoryException">The call would do something else without the argument.</exception>
    public string? PassOver(IReadOnlyList<string> known, Func<string, string?> whyNot)
    {
        var unknown = _values.Keys.Where(name => !known.Contains(name)).ToArray();
        foreach (var name in unknown)
        {
            if (whyNot(name) is { } reason)
                throw new MemoryException(reason);
        }
        return unknown.Length == 0
            ? null
            : $"There is no argument {string.Join(", ", unknown.Take(MaxNamed).Select(name => $"'{Short(name)}'"))}; it was ignored. The arguments are: {string.Join(", ", known)}.";
    }

    /// <summary>The value, or null where it is absent, null or an empty text: clients send these for what they leave out.</summary>
    public JsonElement? Value(string name) =>
        _values.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) && !IsEmptyText(value) ? value : null;

    /// <summary>A text that is not blank.</summary>
    public string Text(string name, int maxBytes)
    {
        var text = OptionalText(name) ?? throw new MemoryException(
            _values.TryGetValue(name, out var empty) && IsEmptyText(empty)
                ? $"The argument '{name}' is empty. Give a text."
                : $"The argument '{name}' is missing. Give it as a string.");
        if (string.IsNullOrWhiteSpace(text))
            throw new MemoryException($"The argument '{name}' is empty. Give a text.");
        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > maxBytes)
            throw new MemoryException($"The argument '{name}' has {bytes:N0} bytes; at most {maxBytes:N0} are allowed. Split it into several memories.");
        return text;
    }

    /// <summary>A text; a number, a boolean, an array or an object counts as the text of its JSON.</summary>
    public string? OptionalText(string name) => Value(name) is { } value ? AsText(name, value) : null;

    /// <inheritdoc cref="OptionalText"/>
    public static string AsText(string name, JsonElement value) => value.ValueKind == JsonValueKind.String ? TextOf(name, value) : value.GetRawText();

    /// <param name="value">A JSON string: the argument, or a part of it.</param>
    public static string TextOf(string name, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw HalfCharacter(name);
        }
    }

    /// <summary>True or false, also spelled as a text or a number.</summary>
    public bool Flag(string name) => Value(name) is { } value && (AsBoolean(name, value) ?? throw Wrong(name, "true or false", value));

    /// <returns>Null where it is left out.</returns>
    public long? OptionalInteger(string name) => Value(name) is { } value ? AsInteger(name, value) ?? throw Wrong(name, "an integer", value) : null;

    /// <returns>Null for what can't be meant so.</returns>
    public static bool? AsBoolean(string name, JsonElement value) => AsText(name, value).Trim().ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => null,
    };

    /// <summary>An integer; 5.0 and "5" are 5.</summary>
    /// <returns>Null for what is none.</returns>
    public static long? AsInteger(string name, JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String))
            return null;
        var text = AsText(name, value).Trim();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;
        // Above 2^53 a double no longer tells neighbours apart, so such a number is not taken for an integer.
        return AsNumber(name, value) is { } number && Math.Abs(number) <= 1L << 53 && number == Math.Truncate(number) ? (long)number : null;
    }

    /// <summary>A finite number, also spelled as a text.</summary>
    /// <returns>Null for what is none.</returns>
    public static double? AsNumber(string name, JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.String
        && double.TryParse(AsText(name, value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>The elements of an array; a text that spells an array is one, and anything else is an array of itself.</summary>
    public static IEnumerable<JsonElement> AsItems(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && TextOf(name, value).TrimStart().StartsWith('['))
            value = Spelled(name, TextOf(name, value));
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
    }

    /// <summary>A JSON object. Models often send one as a string, or an empty string for none.</summary>
    public JsonElement? Object(string name)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String)
        {
            var text = OptionalText(name);
            if (string.IsNullOrWhiteSpace(text))
                return null;
            value = Spelled(name, text);
            if (value.ValueKind == JsonValueKind.Null)
                return null;
        }
        return value.ValueKind == JsonValueKind.Object ? value : throw Wrong(name, "a JSON object", value);
    }

    /// <summary>Ids: an array, a text that spells one, or one id alone.</summary>
    public IReadOnlyList<MemoryId> Ids(string name) => Value(name) is { } value ? [.. AsItems(name, value).Select(item => Id(name, item))] : [];

    public MemoryId Id(string name) =>
        Value(name) is { } value ? Id(name, value) : throw new MemoryException($"The argument '{name}' is missing. Give an id that qdrant-find returned.");

    private static MemoryId Id(string name, JsonElement value)
    {
        var text = value.ValueKind is JsonValueKind.String ? TextOf(name, value) : value.GetRawText();
        return MemoryId.TryParse(text, out var id)
            ? id
            : throw new MemoryException($"The argument '{name}' holds '{Short(text)}', which is no id. Give ids as qdrant-find returned them.");
    }

    private static JsonElement Spelled(string name, string text)
    {
        try
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            return UnicodeJson.IsValidUnicode(new ReadOnlySequence<byte>(utf8)) ? JsonElement.Parse(utf8) : throw HalfCharacter(name);
        }
        catch (JsonException)
        {
            throw new MemoryException($"The argument '{name}' is a string that spells no JSON object. Give an object, for instance {{\"topic\": \"deployment\"}}.");
        }
    }

    private static bool IsEmptyText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8);

    private static MemoryException HalfCharacter(string name) => new($"The argument '{name}' holds half of a surrogate pair. Send valid Unicode.");

    private static MemoryException Wrong(string name, string wanted, JsonElement value) =>
        new($"The argument '{name}' is {Describe(value.ValueKind)}. Give {wanted}.");

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };

    private static string Short(string text) => ShortText.Of(text, 60);
}
