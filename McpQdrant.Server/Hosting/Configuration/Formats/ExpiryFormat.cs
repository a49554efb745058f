using McpQdrant.Core.Expiry;

namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>For how long memories are kept, by collection: <c>scratch=7d</c>.</summary>
internal static class ExpiryFormat
{
    private static readonly SettingFormat<TimeSpan> Duration = DurationFormat.Between("1m", "36500d");

    public static SettingFormat<IReadOnlyList<ExpiryRule>> Rules { get; } = Formats.List(
        "collections with how long their memories are kept, such as scratch=7d,session-*=12h",
        new SettingFormat<ExpiryRule>("a collection and a duration, such as scratch=7d", text =>
        {
            // A name may hold a sign of equality, a duration doesn't.
            var end = text.LastIndexOf('=');
            return end > 0 && text[..end].Trim() is { Length: > 0 } collections
                ? new ExpiryRule(collections, Duration.ReadTyped(text[(end + 1)..]))
                : throw new SettingException();
        }));
}
