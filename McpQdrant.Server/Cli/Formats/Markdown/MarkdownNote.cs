using System.Text.Json;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats.Json;

namespace McpQdrant.Server.Cli.Formats.Markdown;

/// <summary>A file of Markdown: what its front matter says, and its text.</summary>
/// <param name="Name">Its path within what is imported.</param>
/// <param name="FrontMatter">An object; null for none.</param>
/// <param name="Body">The text below the front matter.</param>
/// <param name="BodyLine">The line of the file that it begins in.</param>
internal sealed record MarkdownNote(string Name, JsonElement? FrontMatter, string Body, int BodyLine, DateTimeOffset WrittenAt)
{
    private static readonly string[] CreatedFields = ["created", "created_at", "date", "date created"];
    private static readonly string[] UpdatedFields = ["updated", "updated_at", "modified", "date modified"];

    /// <exception cref="FieldException">Its front matter can't be read.</exception>
    public static MarkdownNote Parse(string text, string name, DateTimeOffset writtenAt)
    {
        var lines = text.ReplaceLineEndings("\n");
        var (yaml, rest) = Markdown.FrontMatter.Cut(lines);
        var body = rest.TrimStart();
        return new MarkdownNote(name, yaml is null ? null : Markdown.FrontMatter.Read(yaml), body.TrimEnd(), 1 + lines.AsSpan(0, lines.Length - body.Length).Count('\n'), writtenAt);
    }

    private string Title => (FrontMatter is { } fields ? Fields.TextOf(fields, "title") : null) ?? Path.GetFileNameWithoutExtension(Name);

    public IEnumerable<ImportEntry> ToEntries(bool isSplit)
    {
        if (Body.Length == 0)
            return [new ImportEntry.Unreadable(Name, "it has no text")];
        if (!isSplit)
            return [new ImportEntry.Item(Name, ToMemory(Titled(Body), heading: null))];

        return Headings.Split(Body).Select(section => section.Heading is { } heading
            ? new ImportEntry.Item($"{Name}, line {BodyLine + section.Line - 1}", ToMemory($"# {Title} > {heading}\n\n{section.Text}", heading))
            : new ImportEntry.Item(Name, ToMemory(Titled(section.Text), heading: null)));
    }

    /// <summary>A note is often about what only its name says.</summary>
    private string Titled(string text) => text.StartsWith('#') ? text : $"# {Title}\n\n{text}";

    private ImportedMemory ToMemory(string text, string? heading) => new(text, Fields.Object(json =>
    {
        json.WriteString("path", Name);
        if (heading is not null)
            json.WriteString("heading", heading);
        if (FrontMatter is { } fields)
            foreach (var field in fields.EnumerateObject().Where(field => field.Name is not ("path" or "heading")))
                field.WriteTo(json);
    }))
    {
        Created = TimeOf(CreatedFields) ?? WrittenAt,
        Updated = TimeOf(UpdatedFields) is { } updated && updated != TimeOf(CreatedFields) ? updated : null,
    };

    private DateTimeOffset? TimeOf(string[] names) => FrontMatter is { } fields ? names.Select(name => Fields.TimeOf(fields, name)).FirstOrDefault(time => time is not null) : null;
}
