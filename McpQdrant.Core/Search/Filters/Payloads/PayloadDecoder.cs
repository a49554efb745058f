using System.Runtime.InteropServices;
using System.Text.Json;

namespace McpQdrant.Core.Search.Filters;

/// <summary>Turns payloads into values that filters read. Payloads decoded by one decoder share what they have in common.</summary>
/// <param name="leftOut">A key at the payload's top whose value isn't decoded, such as that of the memory's text; null for none.</param>
public sealed class PayloadDecoder(string? leftOut = null)
{
    /// <summary>Qdrant stores nesting of 100 levels and refuses 130.</summary>
    private const int MaxDepth = 128;

    private readonly TextPool _pool = new();

    /// <exception cref="JsonException">The payload is nested too deeply.</exception>
    /// <exception cref="InvalidOperationException">A text in it isn't well-formed Unicode.</exception>
    public PayloadValue Decode(JsonElement payload) => Decode(JsonMarshal.GetRawUtf8Value(payload));

    /// <inheritdoc cref="Decode(JsonElement)"/>
    /// <exception cref="JsonException">The payload is no JSON or nested too deeply.</exception>
    public PayloadValue Decode(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        return Value(ref reader, new List<Member>());
    }

    /// <param name="open">Members and items of the objects and lists that are being read, the innermost last.</param>
    private PayloadValue Value(ref Utf8JsonReader reader, List<Member> open) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Object(ref reader, open),
        JsonTokenType.StartArray => List(ref reader, open),
        JsonTokenType.String => new PayloadValue(_pool.Read(ref reader)),
        JsonTokenType.Number => Number(ref reader),
        JsonTokenType.True => new PayloadValue(true),
        JsonTokenType.False => new PayloadValue(false),
        _ => default,
    };

    // Qdrant's reader takes -0 for a float, so that 0 does not equal it.
    private static PayloadValue Number(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out var integer) && !(integer == 0 && reader.ValueSpan[0] == '-')
            ? new PayloadValue(integer)
            : new PayloadValue(reader.GetDouble());

    private PayloadValue List(ref Utf8JsonReader reader, List<Member> open)
    {
        var start = open.Count;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            open.Add(new Member("", open.Count, Value(ref reader, open)));

        return new PayloadValue(TakeValues(open, start));
    }

    private PayloadValue Object(ref Utf8JsonReader reader, List<Member> open)
    {
        var isRoot = reader.CurrentDepth == 0;
        var start = open.Count;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = _pool.Read(ref reader);
            reader.Read();
            if (isRoot && key == leftOut)
                reader.Skip();
            else
                open.Add(new Member(key, open.Count, Value(ref reader, open)));
        }

        KeepLastOfEachKey(open, start);
        var keys = new string[open.Count - start];
        for (var at = 0; at < keys.Length; at++)
            keys[at] = open[start + at].Key;

        return new PayloadValue(new PayloadObject(_pool.Share(keys), TakeValues(open, start)));
    }

    private static void KeepLastOfEachKey(List<Member> open, int start)
    {
        open.Sort(start, open.Count - start, Member.ByKey);
        var kept = start;
        for (var at = start; at < open.Count; at++)
        {
            if (at + 1 == open.Count || open[at + 1].Key != open[at].Key)
                open[kept++] = open[at];
        }
        open.RemoveRange(kept, open.Count - kept);
    }

    private static PayloadValue[] TakeValues(List<Member> open, int start)
    {
        var values = open.Count == start ? [] : new PayloadValue[open.Count - start];
        for (var at = 0; at < values.Length; at++)
            values[at] = open[start + at].Value;
        open.RemoveRange(start, values.Length);
        return values;
    }

    private readonly record struct Member(string Key, int Position, PayloadValue Value)
    {
        public static readonly Comparer<Member> ByKey = Comparer<Member>.Create((one, other) =>
            string.CompareOrdinal(one.Key, other.Key) is not 0 and var order ? order : one.Position.CompareTo(other.Position));
    }
}
