using System.Text.Json.Nodes;
using McpQdrant.Server.Cli.Formats.Markdown;

namespace McpQdrant.Memories;

/// <summary>Keeps documents as memories.</summary>
public static class IngestionExtensions
{
    private const string PathField = "path";
    private const string HeadingField = "heading";

    /// <summary>
    /// Keeps a document: Markdown (<c>.md</c>, <c>.markdown</c>) as a memory for each heading with text below it, any other text as one. Kept again, it is
    /// followed: what changed is stored, what is no longer in it is forgotten, and the rest stays as it is.
    /// </summary>
    /// <param name="memories">Where to.</param>
    /// <param name="path">What the document is called, by which it is known again; the metadata of its memories have it as <c>path</c>, beside their <c>heading</c>.</param>
    /// <param name="text">The text, whole. A blank one forgets the document.</param>
    /// <param name="options">Where to, and with which further metadata; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call; a part may have been stored. Called again it completes that.</param>
    /// <returns>The document's memories, and what became of them.</returns>
    /// <exception cref="MemoriesException">A section is too long, holds a secret and those are refused, or the store or the model does not work.</exception>
    public static async Task<IngestedDocument> IngestAsync(
        this IMemories memories, string path, string text, IngestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(memories);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(text);
        options ??= new IngestOptions();

        List<string> ids = [];
        var stored = 0;
        foreach (var (heading, section) in SectionsOf(path, text.ReplaceLineEndings("\n")))
        {
            var metadata = (JsonObject?)options.Metadata?.DeepClone() ?? [];
            metadata[PathField] = path;
            if (heading is not null)
                metadata[HeadingField] = heading;
            var memory = await memories.StoreAsync(section, new StoreOptions { Collection = options.Collection, Caller = options.Caller, Metadata = metadata }, cancellationToken);
            stored += memory.IsNew ? 1 : 0;
            ids.Add(memory.Id);
        }
        return new IngestedDocument { Ids = ids, Stored = stored, Forgotten = await ForgetRestAsync(memories, path, ids, options, cancellationToken) };
    }

    private static async Task<long> ForgetRestAsync(IMemories memories, string path, List<string> ids, IngestOptions options, CancellationToken cancellationToken)
    {
        var listing = new ListOptions { Collection = options.Collection, Caller = options.Caller, Metadata = new JsonObject { [PathField] = path } };
        List<string> rest = [];
        await foreach (var memory in memories.ListAsync(listing, cancellationToken))
        {
            if (!ids.Contains(memory.Id))
                rest.Add(memory.Id);
        }
        var place = new CallOptions { Collection = options.Collection, Caller = options.Caller };
        return rest.Count == 0 ? 0 : (await memories.ForgetAsync(rest, place, cancellationToken)).Count;
    }

    /// <summary>As <c>mcp-server-qdrant import --split</c> does: a section is often about what only its name and the headings above it say.</summary>
    private static IEnumerable<(string? Heading, string Text)> SectionsOf(string path, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];
        if (Path.GetExtension(path).ToLowerInvariant() is not (".md" or ".markdown"))
            return [(null, text)];

        var title = Path.GetFileNameWithoutExtension(path);
        return Headings.Split(text).Select(section => (section.Heading, $"# {title}{(section.Heading is null ? "" : $" > {section.Heading}")}\n\n{section.Text}"));
    }
}

/// <summary>How a document is kept.</summary>
public sealed class IngestOptions : CallOptions
{
    /// <summary>Further facts about each of its memories; null for none.</summary>
    public JsonObject? Metadata { get; init; }
}

/// <summary>What became of a document.</summary>
public sealed class IngestedDocument
{
    /// <summary>Its memories, in its order.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <summary>How many of them were not there before.</summary>
    public required int Stored { get; init; }

    /// <summary>How many memories of it were deleted, since it no longer has them.</summary>
    public required long Forgotten { get; init; }
}
