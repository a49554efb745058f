using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Core.Search.Filters;

public sealed class TimestampTests
{
    public static TheoryData<string> RecordedForms => [.. FilterPoint.Lines("datetime-forms.jsonl").Select(line => line.GetRawText())];

    [Theory]
    [MemberData(nameof(RecordedForms))]
    public void TryParse_reads_what_qdrant_read(string recorded)
    {
        var form = JsonElement.Parse(recorded);

        var isRead = Timestamp.TryParse(form.GetProperty("text").GetString(), out var timestamp);
        var refusal = Record.Exception(() => Filter.Parse(JsonElement.Parse($$$"""{"must": [{"key": "a", "range": {"gt": {{{form.GetProperty("text").GetRawText()}}}}}]}""")));

        Assert.Equal(form.GetProperty("in_payload").GetBoolean(), isRead);
        Assert.Equal(form.GetProperty("as_bound").GetBoolean(), refusal is null);
        if (isRead)
            Assert.Equal(form.GetProperty("microseconds").GetInt64(), (timestamp.Seconds * 1_000_000) + (timestamp.Nanoseconds / 1000));
    }

    [Theory]
    [InlineData("2024-05-01T10:20:30Z")]
    [InlineData(" 2024 - 5 - 1 10 : 20 : 30 utc ")]
    [InlineData("2024-  05-  01T  10:20:30")]
    [InlineData("2024-05-0110:20:30")]
    [InlineData("2024-05-01\t10:20:30+00")]
    [InlineData("2024-05-01 \u2003 10:20:30")]
    [InlineData("2024-05-01T12:20:30+02:")]
    [InlineData("2024-05-01T12:20:30+02 : 00")]
    [InlineData("2024-05-01T08:20:30\u221202:00")]
    [InlineData("+2024-05-01T10:20:30")]
    [InlineData("+00002024-05-01T10:20:30")]
    [InlineData("2024-05-02T10:19:30+23:59")]
    public void TryParse_reads_lenient_spellings(string text)
    {
        Assert.True(Timestamp.TryParse(text, out var timestamp));
        Assert.Equal(new Timestamp(1_714_558_830, 0), timestamp);
    }

    [Theory]
    [InlineData("2024 -05-01")]
    [InlineData("2024-05-01T10:20 :30")]
    [InlineData("2024-05-01t10:20:30")]
    [InlineData("2024-05-01t10:20:30+02")]
    [InlineData("2024 -05-01T10:20:30+02")]
    [InlineData("2024-05-01\t10:20:30+02:00 ")]
    [InlineData("2024-05-01T10:20:30+02:3")]
    [InlineData("2024-05-01T10:20:30+2:00")]
    [InlineData("2024-05-01T10:20:30+02:60")]
    [InlineData("2024-05-01T10:20:30.")]
    [InlineData("2024-05-01T10:20:61Z")]
    [InlineData("2024-05-01T10:20:")]
    [InlineData("2024-05-01T")]
    [InlineData("2024-05-")]
    [InlineData("2024-02-30")]
    [InlineData("1900-02-29")]
    [InlineData("+262143-01-01")]
    [InlineData("-99999999999999999999-01-01")]
    public void TryParse_refuses_what_no_spelling_allows(string text) => Assert.False(Timestamp.TryParse(text, out _));

    [Fact]
    public void Order_goes_by_nanoseconds_and_puts_a_leap_second_before_the_next_minute()
    {
        string[] ordered =
        [
            "-0001-12-31", "1969-12-31T23:59:59.9", "2016-12-31T23:59:59.999999998Z", "2016-12-31T23:59:59.999999999Z",
            "2016-12-31T23:59:60.5Z", "2017-01-01", "+262142-12-31",
        ];

        var timestamps = ordered.Select(text => Timestamp.TryParse(text, out var timestamp) ? timestamp : default).ToList();

        Assert.Equal(timestamps, timestamps.AsEnumerable().Reverse().Order());
    }

    [Fact]
    public void TryParse_agrees_with_the_calendar_of_dotnet()
    {
        for (var date = new DateOnly(1583, 1, 1); date.Year < 2420; date = date.AddDays(97))
        {
            Assert.True(Timestamp.TryParse(date.ToString("yyyy-MM-dd"), out var timestamp));
            Assert.Equal(new DateTimeOffset(date, default, default).ToUnixTimeSeconds(), timestamp.Seconds);
        }
    }
}
