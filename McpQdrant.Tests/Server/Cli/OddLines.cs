using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>Lines of memories with the oddities that texts, ids, times and metadata may have.</summary>
internal static class OddLines
{
    private static readonly Gen<string> Text = Gen.OneOf<string>(
        Gen.Char.Where(one => !char.IsSurrogate(one)).Array[1, 40].Select(characters => new string(characters)),
        Gen.OneOf(
            " leading and trailing \n", "\0", "a\0b", "line\r\nends\rof\u2028all\u2029kinds\u0085", "🙂👩‍👩‍👧", "e\u0301 and é", "\uFEFFmark", "</entry><entry>", "{\"text\":1}", "\\ \" \\u0041",
            "\u202Eright to left", "日本語のテキスト", "עברית", "\e[31mred", "", "   ", "\u007F\u0001\u001F", "\uFFFD\uFFFF"),
        Gen.Int[1, 60].Select(words => string.Join(' ', Enumerable.Range(0, words).Select(word => $"word{word * 7 % 13}"))));

    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf<JsonNode?>(
        Text.Select(text => (JsonNode?)text),
        Gen.OneOf("0", "-0", "1.0", "-0.0", "1e2", "1E-7", "0.1", "9007199254740993", "18446744073709551615", "-9223372036854775808", "1.7976931348623157e308", "5e-324", "true", "false", "null")
            .Select(json => JsonNode.Parse(json)));

    private static readonly Gen<JsonNode?> Value = Gen.Recursive<JsonNode?>((depth, self) => depth > 3
        ? Scalar
        : Gen.OneOf<JsonNode?>(
            Scalar,
            self.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Gen.Select(Text, self).Array[0, 3].Select(fields => (JsonNode?)ObjectOf(fields))));

    private static readonly Gen<JsonObject?> Metadata = Gen.OneOf<JsonObject?>(
        Gen.Const((JsonObject?)null),
        Gen.Select(Text, Value).Array[0, 4].Select(fields => (JsonObject?)ObjectOf(fields)));

    private static readonly Gen<(long Created, long Updated)> Times = Gen.Select(Gen.Long[0, 4_000_000_000 * TimeSpan.TicksPerSecond], Gen.Long[-TimeSpan.TicksPerDay, TimeSpan.TicksPerDay]);

    /// <summary>So many lines, each with an id of its own; the same each time.</summary>
    public static IReadOnlyList<string> Of(int count)
    {
        var lines = Gen.Select(Text, Metadata, Times, Gen.Int[0, 3]);
        var random = new PCG(20, 26);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            var (text, metadata, times, kind) = lines.Generate(random, min: null, out _);
            var line = new JsonObject
            {
                ["id"] = number % 3 == 0 ? (ulong)number : number % 3 == 1 ? ulong.MaxValue - (ulong)number : new Guid(number, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).ToString(),
                ["text"] = text,
                ["metadata"] = metadata?.DeepClone(),
            };
            if (kind > 0)
                line["created"] = Time(times.Created);
            if (kind > 1)
                line["updated"] = Time(times.Created + times.Updated);
            return line.ToJsonString();
        })];
    }

    private static string Time(long ticks) =>
        new DateTimeOffset(DateTimeOffset.UnixEpoch.Ticks + Math.Max(0, ticks), TimeSpan.Zero).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    private static JsonObject ObjectOf((string Name, JsonNode? Value)[] fields)
    {
        var json = new JsonObject();
        foreach (var (name, value) in fields)
            json[name] = value?.DeepClone();
        return json;
    }
}
