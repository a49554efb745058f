using System.Buffers;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Mcp.Tools.Arguments;

/// <summary>The arguments of a call, read one by one; what is wrong with one is said in a sentence.</summary>
internal sealed class ToolArguments(IDictionary<string, JsonElement>? values)
{
    private readonly IDictionary<string, JsonElement> _values = values ?? new Dictionary<string, JsonElement>();

    /// <param name="whyNot">Says more about an argument of another name; null for no more.</param>
    /// <exception cref="MemoryException">There is an argument of another name.</exception>
    public void AllowOnly(IReadOnlyList<string> names, Func<string, string?> whyNot)
    {
        foreach (var name in _values.Keys)
        {
            if (!names.Contains(name))
                throw new MemoryException(whyNot(name) ?? $"There is no argument '{Short(name)}'. The arguments are: {string.Join(", ", names)}.");
        }
    }

    /// <summary>The value, or null where it is absent or null.</summary>
    public JsonElement? Value(string name) =>
        _values.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    /// <summary>A text that is not blank.</summary>
    public string Text(string name, int maxBytes)
    {
        var text = OptionalText(name) ?? throw new MemoryException($"The argument '{name}' is missing. Give it as a string.");
        if (string.IsNullOrWhiteSpace(text))
            throw new MemoryException($"The argument '{name}' is empty. Give a text.");
        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > maxBytes)
            throw new MemoryException($"The argument '{name}' has {bytes:N0} bytes; at most {maxBytes:N0} are allowed. Split it into several memories.");
        return text;
    }

    public string? OptionalText(string name)
    {
        if (Value(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String ? TextOf(name, value) : throw Wrong(name, "a string", value);
    }

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

    public bool Flag(string name) => Value(name) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(name, "true or false", value),
    };

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

    public IReadOnlyList<MemoryId> Ids(string name)
    {
        if (Value(name) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(name, "an array of ids", value);
        return [.. value.EnumerateArray().Select(item => Id(name, item))];
    }

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

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
