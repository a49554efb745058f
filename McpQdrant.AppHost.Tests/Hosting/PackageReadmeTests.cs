using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace McpQdrant.AppHost.Tests.Hosting;

/// <summary>The example in the README of the package is a program: it compiles, and composes what the text says.</summary>
public sealed partial class PackageReadmeTests : IDisposable
{
    /// <summary>What Aspire.AppHost.Sdk adds to each file of an app host.</summary>
    private const string GlobalUsings = "global using System; global using System.Collections.Generic; global using System.Linq; global using Aspire.Hosting; global using Aspire.Hosting.ApplicationModel;";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcpqdrant-");

    [Fact]
    public async Task Example_is_an_app_host_with_Qdrant_the_server_and_an_agent_that_is_told_where_it_is()
    {
        var program = Compile(Examples()[0]);
        var path = Path.Combine(_folder.FullName, "manifest.json");

        program.EntryPoint!.Invoke(null, [new[] { "--publisher", "manifest", "--output-path", path }]);
        var resources = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!["resources"]!;

        Assert.Equal("docker.io/qdrant/qdrant", ((string?)resources["qdrant"]!["image"])!.Split(':')[0]);
        Assert.Equal("ghcr.io/mcpqdrant/mcp-server-qdrant", ((string?)resources["memory"]!["image"])!.Split(':')[0]);
        Assert.Equal("notes", (string?)resources["memory"]!["env"]!["COLLECTION_NAME"]);
        Assert.Equal("{qdrant.bindings.http.url}", (string?)resources["memory"]!["env"]!["QDRANT_HTTPURI"]);
        Assert.Equal("{memory.connectionString}", (string?)resources["agent"]!["env"]!["ConnectionStrings__memory"]);
        Assert.Equal("{memory.bindings.http.url}/mcp", (string?)resources["agent"]!["env"]!["MEMORY_URI"]);
        Assert.Equal("{memory-Key.value}", (string?)resources["agent"]!["env"]!["MEMORY_APIKEY"]);
    }

    [Fact]
    public void Every_other_example_compiles()
    {
        var others = Examples().Skip(1).ToList();

        Assert.NotEmpty(others);
        Assert.All(others, example => Compile($"using McpQdrant.Hosting;\nvar builder = DistributedApplication.CreateBuilder(args);\n{example}"));
    }

    private static string[] Examples()
    {
        var readme = File.ReadAllText(Path.Combine(AppHost.RepositoryRoot, "McpQdrant.Hosting", "README.md"));
        return [.. CodeBlock().Matches(readme.ReplaceLineEndings("\n")).Select(match => match.Groups[1].Value)];
    }

    private static Assembly Compile(string program)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest);
        // Without the package whose AddQdrant would be ambiguous with ours, which an AppHost built with OfficialQdrantHosting brings along.
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file) != "Aspire.Hosting.Qdrant.dll");
        var compilation = CSharpCompilation.Create(
            $"Example{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(GlobalUsings, parse), CSharpSyntaxTree.ParseText(program, parse)],
            references.Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

        using var code = new MemoryStream();
        var result = compilation.Emit(code);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        Assert.DoesNotContain(result.Diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
        code.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(code);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
