using System.Text.Json;

namespace McpQdrant.Tests.Qdrant;

public sealed class StandInBm25Tests
{
    [Fact]
    public void IndexOf_gives_each_recorded_word_its_number()
    {
        var words = RecordedExchange.Lines("bm25/words.jsonl").ToList();

        var wrong = words.Where(line => NumberOf(line, isEnglish: true) != Recorded(line, "english") || NumberOf(line, isEnglish: false) != Recorded(line, "none"));

        Assert.Equal(1814, words.Count);
        Assert.Empty(wrong.Select(line => line.GetRawText()));
    }

    private static uint? NumberOf(JsonElement line, bool isEnglish) => StandInBm25.IndexOf(line.GetProperty("word").GetString()!, isEnglish);

    private static uint? Recorded(JsonElement line, string language) =>
        line.GetProperty(language) is { ValueKind: JsonValueKind.Number } number ? number.GetUInt32() : null;
}
