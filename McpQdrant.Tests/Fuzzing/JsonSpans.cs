using System.Text.Json;

namespace McpQdrant.Tests.Fuzzing;

internal static class JsonSpans
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = 10_000 };

    /// <summary>All values and names, for as far as it is JSON.</summary>
    public static List<JsonSpan> Of(ReadOnlySpan<byte> json)
    {
        var spans = new List<JsonSpan>();
        var open = new Stack<(int Start, int Name)>();
        var reader = new Utf8JsonReader(json, AnyDepth);
        var name = -1;
        try
        {
            while (reader.Read())
            {
                var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        // The reader has passed over the colon.
                        spans.Add(new JsonSpan(start..(start + reader.ValueSpan.Length + 2), start..(start + reader.ValueSpan.Length + 2), IsName: true));
                        name = start;
                        continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((start, name));
                        name = -1;
                        continue;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        (start, name) = open.Pop();
                        break;
                }
                spans.Add(new JsonSpan(start..end, (name < 0 ? start : name)..(end < json.Length && json[end] == ',' ? end + 1 : end), IsName: false));
                name = -1;
            }
        }
        catch (JsonException)
        {
            // What comes after is no JSON.
        }
        return spans;
    }
}
