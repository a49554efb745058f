using System.Text.Json;

namespace McpQdrant.Core.Search.Filters;

/// <summary>A value in a filter's JSON and where it stands, so that a refusal can name the place.</summary>
/// <param name="Place">For instance <c>must[1].range.gte</c>; empty for the filter itself.</param>
internal readonly record struct FilterNode(JsonElement Value, string Place)
{
    /// <summary>Longer values are cut where a message quotes them.</summary>
    private const int QuotedLength = 60;

    /// <summary>This node, which must be an object.</summary>
    public FilterNode Object(string use) => IsObject ? this : throw NotUsable(use);

    /// <summary>The elements of this node, which must be a list.</summary>
    public IReadOnlyList<FilterNode> Items(string use)
    {
        if (!IsList)
            throw NotUsable(use);

        var items = new List<FilterNode>(Value.GetArrayLength());
        foreach (var item in Value.EnumerateArray())
            items.Add(new FilterNode(item, $"{Place}[{items.Count}]"));
        return items;
    }

    public bool IsObject => Value.ValueKind == JsonValueKind.Object;

    public bool IsList => Value.ValueKind == JsonValueKind.Array;

    public bool IsText => Value.ValueKind == JsonValueKind.String;

    /// <summary>The member of this name; null where there is none, or where it is null, which in a filter is the same.</summary>
    public FilterNode? Member(string name) =>
        Value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? At(name, member) : null;

    /// <summary>The member of this name, which must be there.</summary>
    public FilterNode Required(string name, string use) =>
        Member(name) ?? throw Refusal($"lacks {name}. {use}");

    public FilterNode At(string name, JsonElement member) => new(member, Place.Length == 0 ? name : $"{Place}.{name}");

    public string Text(string use) => IsText ? Value.GetString()! : throw NotUsable(use);

    public bool Boolean(string use) =>
        Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw NotUsable(use);

    /// <summary>A finite number.</summary>
    public double Number(string use) =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw NotUsable(use);

    public ulong Count(string use) =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetUInt64(out var count) ? count : throw NotUsable(use);

    /// <summary>An integer of 64 bits with sign. Qdrant doesn't take 1.0 for one, nor -0.</summary>
    public bool TryGetInteger(out long integer)
    {
        integer = 0;
        return Value.ValueKind == JsonValueKind.Number && Value.TryGetInt64(out integer) && !(integer == 0 && Value.GetRawText() == "-0");
    }

    /// <summary>Says what stands here, and <paramref name="use"/>: what should.</summary>
    public FilterException NotUsable(string use) => Refusal($"is {Description()}. {use}");

    /// <param name="problem">Goes on where the place's name ends.</param>
    public FilterException Refusal(string problem) => new($"{(Place.Length == 0 ? "The filter" : Place)} {problem}");

    private string Description() => Value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text {Quoted()}",
        JsonValueKind.Null => "null",
        _ => Quoted(),
    };

    private string Quoted() => Short(Value.GetRawText());

    /// <summary>A text as a message quotes it.</summary>
    public static string Short(string text) =>
        text.Length <= QuotedLength ? text : $"{text.AsSpan(0, char.IsHighSurrogate(text[QuotedLength - 1]) ? QuotedLength - 1 : QuotedLength)}…";
}
