using System.Text.Json;
using McpQdrant.Server.Filters;

namespace McpQdrant.Tests.Filters;

public sealed class TimestampTests
{
    public static TheoryData<string> RecordedForms => [.. FilterPoint.Lines("datetime-forms.jsonl").Select(line => line.GetRawText())];

    [Theory]
    [MemberData(nameof(RecordedForms))]
    public void TryParse_reads_what_qdrant_reads(string recorded)
    {
        var form = JsonElement.Parse(recorded);

        var isRead = Timestamp.TryParse(form.GetProperty("text").GetString(), out var timestamp);

        Assert.Equal(form.GetProperty("in_payload").GetBoolean(), isRead);
        if (isRead)
            Assert.Equal(form.GetProperty("microseconds").GetInt64(), (timestamp.Seconds * 1_000_000) + (timestamp.Nanoseconds / 1000));
    }
}
