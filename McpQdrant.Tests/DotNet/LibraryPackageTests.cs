using System.Xml.Linq;
using McpQdrant.Tests.Deployment;
using McpQdrant.Tests.Docs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpQdrant.Tests.DotNet;

/// <summary>The packages for other people's programs: what their pages show compiles, and what they need is said.</summary>
public sealed class LibraryPackageTests
{
    /// <summary>What the SDK adds to each file of a console program.</summary>
    private const string GlobalUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    public static TheoryData<string> Pages => new(Page.All.Where(page => page.Blocks.Any(IsCode) && !page.Path.StartsWith("McpQdrant.Hosting", StringComparison.Ordinal)).Select(page => page.Path));

    public static TheoryData<string> Libraries => new(Directory.GetFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
        .Where(file => File.ReadAllText(file).Contains("Package.props", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(Repository.Root, file)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_example_compiles(string path) =>
        Assert.All(Page.All.Single(page => page.Path == path).Blocks.Where(IsCode), block => Compile(block.Text));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_can_be_trimmed_and_has_a_page_and_a_guarded_surface(string project)
    {
        var folder = Path.GetDirectoryName(Repository.File(project))!;

        // An app host is never published in that way.
        if (!project.StartsWith("McpQdrant.Hosting", StringComparison.Ordinal))
            Assert.Contains("<IsAotCompatible>true</IsAotCompatible>", File.ReadAllText(Repository.File(project)), StringComparison.Ordinal);
        Assert.Contains("```csharp", File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal);
        Assert.True(File.ReadLines(Path.Combine(folder, "PublicAPI.Unshipped.txt")).Concat(File.ReadLines(Path.Combine(folder, "PublicAPI.Shipped.txt"))).Count() > 2, $"{project} has no public API.");
    }

    /// <summary>Its parts go into the package without what they reference.</summary>
    [Fact]
    public void McpQdrant_Memory_asks_for_all_packages_that_its_parts_ask_for()
    {
        string[] parts = ["Core", "Embeddings", "Stores.Qdrant", "Stores.Sqlite"];
        var needed = parts.SelectMany(part => PackagesOf($"McpQdrant.{part}/McpQdrant.{part}.csproj")).ToHashSet();

        Assert.Empty(needed.Except(PackagesOf("McpQdrant.Memory/McpQdrant.Memory.csproj")));
    }

    private static bool IsCode((string Language, string Text) block) => block.Language == "csharp";

    private static IEnumerable<string> PackagesOf(string project) =>
        XDocument.Load(Repository.File(project)).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);

    private static void Compile(string program)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest);
        var tree = CSharpSyntaxTree.ParseText(program, parse);
        var kind = tree.GetRoot().DescendantNodes().OfType<GlobalStatementSyntax>().Any() ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Example",
            [CSharpSyntaxTree.ParseText(GlobalUsings, parse), tree],
            references.Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));

        Assert.DoesNotContain(compilation.GetDiagnostics(), diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
    }
}
