using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Docs;

/// <summary>A page of the documentation, as GitHub would read it.</summary>
internal sealed class Page
{
    /// <summary>Stands above a block whose commands a test runs.</summary>
    private const string TestedMark = "<!-- tested -->";

    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).UsePipeTables().Build();

    private readonly MarkdownDocument _document;

    private Page(string path)
    {
        Path = path;
        Text = File.ReadAllText(Repository.File(path));
        _document = Markdown.Parse(Text, Pipeline);
    }

    /// <summary>From the repository's root.</summary>
    public string Path { get; }

    public string Text { get; }

    public IEnumerable<string> Links => _document.Descendants<LinkInline>().Select(link => link.Url!);

    public IEnumerable<string> Anchors => _document.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id!);

    public IEnumerable<(string Language, string Text)> Blocks => _document.Descendants<FencedCodeBlock>().Select(block => (block.Info ?? "", block.Lines.ToString()));

    public IEnumerable<string> TestedCommands => _document.Descendants<FencedCodeBlock>().Where(IsTested).Select(block => block.Lines.ToString());

    public static IReadOnlyList<Page> All { get; } =
    [
        .. from folder in (string[])[".", "docs", "docs/decisions", ".github", "McpQdrant.AgentFramework", "McpQdrant.Client", "McpQdrant.Hosting", "McpQdrant.Memory", "McpQdrant.Memory.Abstractions",
               "samples/aspire", "samples/console-agent", "samples/minimal-api"]
           from file in Directory.GetFiles(Repository.File(folder), "*.md").Order(StringComparer.Ordinal)
           select new Page(System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')),
    ];

    private static bool IsTested(FencedCodeBlock block)
    {
        var siblings = block.Parent!;
        var at = siblings.IndexOf(block);
        return at > 0 && siblings[at - 1] is HtmlBlock mark && mark.Lines.ToString().Trim() == TestedMark;
    }
}
