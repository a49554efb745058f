using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpQdrant.Server.Mcp.Tools.Answers;

/// <summary>A memory as the Python server shows it to a model: <c>&lt;entry&gt;&lt;content&gt;…&lt;/content&gt;&lt;metadata&gt;…&lt;/metadata&gt;&lt;/entry&gt;</c>.</summary>
/// <remarks>
/// A text that holds one of these tags could pretend to be another entry, or to have other metadata. In those tags, and only there,
/// <c>&lt;</c> is written <c>&amp;lt;</c>; all other markup stays as it was stored. Metadata is JSON, where <c>&lt;</c> is written <c>\u003C</c>.
/// The structured result has the text exactly.
/// </remarks>
internal static partial class EntryText
{
    public static string Of(string text, JsonElement? metadata) =>
        $"<entry><content>{FrameTag().Replace(text, "&lt;")}</content><metadata>{(metadata is { } value ? Json(value) : "")}</metadata></entry>";

    private static string Json(JsonElement metadata)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = MetadataEncoder }))
            metadata.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>All of Unicode as it is, but for <c>&lt;</c>, <c>&gt;</c>, <c>&amp;</c> and the like.</summary>
    private static readonly JavaScriptEncoder MetadataEncoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    [GeneratedRegex(@"<(?=(?>\s*)/?(?>\s*)(?:entry|content|metadata)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FrameTag();
}
