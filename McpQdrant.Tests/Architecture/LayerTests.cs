using McpQdrant.Core.Memories;
using NetArchTest.Rules;

namespace McpQdrant.Tests.Architecture;

/// <summary>One way through the house: a folder uses what stands below it, never what stands above.</summary>
public sealed class LayerTests
{
    private const string Root = "McpQdrant.Server";

    /// <summary>From the lowest up; folders on one line don't know each other, but for those of the first.</summary>
    private static readonly string[][] Layers =
    [
        ["Configuration", "Diagnostics", "Filters", "Vectors"],
        ["Memories"],
        ["Embeddings", "Stores", "Observability"],
        ["Access"],
        ["Tools"],
        ["Transports"],
        ["Commands"],
    ];

    public static TheoryData<string> Folders => [.. Layers.SelectMany(layer => layer)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_what_stands_below_it(string folder)
    {
        var layer = Array.FindIndex(Layers, names => names.Contains(folder));
        var beside = layer == 0 ? [] : Layers[layer].Where(name => name != folder);
        var forbidden = Layers[(layer + 1)..].SelectMany(names => names).Concat(beside).Select(name => $"{Root}.{name}").ToArray();

        var result = Types.InAssembly(typeof(MemoryService).Assembly)
            .That().ResideInNamespaceStartingWith($"{Root}.{folder}")
            .ShouldNot().HaveDependencyOnAny([.. forbidden, "Never.Used"])
            .GetResult();

        Assert.True(result.IsSuccessful, $"{folder} uses what stands above or beside it: {string.Join(", ", result.FailingTypes?.Select(type => type.FullName) ?? [])}");
    }

    [Theory]
    [InlineData("Filters")]
    [InlineData("Vectors")]
    public void Pure_folders_use_no_other_folder(string folder)
    {
        var others = Layers.SelectMany(layer => layer).Where(name => name != folder).Select(name => $"{Root}.{name}").ToArray();

        var result = Types.InAssembly(typeof(MemoryService).Assembly)
            .That().ResideInNamespaceStartingWith($"{Root}.{folder}")
            .ShouldNot().HaveDependencyOnAny(others)
            .GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypes?.Select(type => type.FullName) ?? []));
    }

    [Fact]
    public void Tools_and_the_domain_know_no_store_and_no_model_by_name()
    {
        var result = Types.InAssembly(typeof(MemoryService).Assembly)
            .That().ResideInNamespaceStartingWith($"{Root}.Tools").Or().ResideInNamespaceStartingWith($"{Root}.Memories")
            .ShouldNot().HaveDependencyOnAny($"{Root}.Stores", $"{Root}.Embeddings", "Microsoft.Data.Sqlite", "Microsoft.ML.OnnxRuntime")
            .GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypes?.Select(type => type.FullName) ?? []));
    }

    [Fact]
    public void Every_folder_of_the_server_has_its_layer()
    {
        var known = Layers.SelectMany(layer => layer).ToHashSet();

        var folders = typeof(MemoryService).Assembly.GetTypes()
            .Select(type => type.Namespace)
            .Where(name => name?.StartsWith($"{Root}.", StringComparison.Ordinal) == true)
            .Select(name => name!.Split('.')[2])
            .Distinct();

        Assert.All(folders, folder => Assert.Contains(folder, known));
    }
}
