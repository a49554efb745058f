using System.Globalization;
using System.Text.Json;

namespace McpQdrant.Core.Search.Filters.Checks;

/// <summary><c>range</c> of times: texts that can be read as times are compared, others don't pass. There is one bound at least.</summary>
internal sealed class TimeRange(TimeBound? gt, TimeBound? gte, TimeBound? lt, TimeBound? lte) : ElementCheck
{
    protected override bool PassesOne(PayloadValue value) =>
        value.TryGetText(out var text) && Timestamp.TryParse(text, out var at)
        && (gt is null || at.CompareTo(gt.At) > 0)
        && (gte is null || at.CompareTo(gte.At) >= 0)
        && (lt is null || at.CompareTo(lt.At) < 0)
        && (lte is null || at.CompareTo(lte.At) <= 0);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("range");
        Write("gt", gt);
        Write("gte", gte);
        Write("lt", lt);
        Write("lte", lte);
        writer.WriteEndObject();

        void Write(string name, TimeBound? bound)
        {
            if (bound is not null)
                writer.WriteString(name, bound.Text);
        }
    }
}

/// <summary>A time as a filter gave it: the text is kept, for years of six digits have no other way to be written.</summary>
internal sealed record TimeBound(string Text, Timestamp At)
{
    /// <returns>Null for none.</returns>
    public static TimeBound? Of(DateTimeOffset? time)
    {
        if (time is not { } bound)
            return null;

        var text = bound.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        return Timestamp.TryParse(text, out var at) ? new TimeBound(text, at) : throw new FormatException($"'{text}' is no time.");
    }
}
