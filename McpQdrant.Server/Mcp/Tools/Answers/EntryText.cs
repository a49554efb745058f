using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Mcp.Tools.Answers;

/// <summary>How memories stand in the text of an answer.</summary>
internal enum ResultFormat
{
    /// <summary>With id, time and collection, so that a model that sees the text alone can update, forget and compare.</summary>
    Entry,

    /// <summary>As the Python server writes them: text and metadata only.</summary>
    Python,
}

/// <summary>A memory as a model reads it: <c>&lt;entry id="…" stored="…" collection="…"&gt;&lt;content&gt;…&lt;/content&gt;&lt;metadata&gt;…&lt;/metadata&gt;&lt;/entry&gt;</c>.</summary>
/// <remarks>
/// A text that holds one of these tags could pretend to be another entry, or to have other metadata. In those tags, and only there,
/// <c>&lt;</c> is written <c>&amp;lt;</c>; all other markup stays as it was stored. Metadata is JSON, where <c>&lt;</c> is written <c>\u003C</c>.
/// Names of collections can hold neither quotes nor angle brackets. The structured result has the text exactly.
/// </remarks>
internal static partial class EntryText
{
    /// <param name="isPartial">Says that the text is only the beginning of the memory's.</param>
    public static string Of(Memory memory, CollectionName collection, ResultFormat format, bool isPartial = false) =>
        Write(format == ResultFormat.Python ? "" : Attributes(memory, collection, isPartial), memory.Text, memory.Metadata);

    /// <summary>Without attributes, as the Python server writes it.</summary>
    public static string Of(string text, JsonElement? metadata) => Write("", text, metadata);

    private static string Write(string attributes, string text, JsonElement? metadata) =>
        $"<entry{attributes}><content>{FrameTag().Replace(text, "&lt;")}</content><metadata>{(metadata is { } value ? Json(value) : "")}</metadata></entry>";

    private static string Attributes(Memory memory, CollectionName collection, bool isPartial) =>
        $" id=\"{memory.Id}\""
        + Time("stored", memory.FirstStoredAt)
        + Time("changed", memory.ChangedAt)
        + Time("expires", memory.ExpiresAt)
        + $" collection=\"{collection}\""
        + (isPartial ? " partial=\"true\"" : "");

    private static string Time(string name, DateTimeOffset? time) => time is { } known ? $" {name}=\"{Rfc3339.Write(known)}\"" : "";

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
