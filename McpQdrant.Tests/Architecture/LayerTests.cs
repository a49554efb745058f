using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Memories;
using McpQdrant.Server.Mcp;
using McpQdrant.Tests.Deployment;
using NetArchTest.Rules;

namespace McpQdrant.Tests.Architecture;

/// <summary>What the references between projects can't refuse: who knows whom within one project.</summary>
public sealed class LayerTests
{
    /// <summary>Doors translate; which store and which model there is, only the composition in <c>Hosting</c> knows.</summary>
    [Theory]
    [InlineData("Mcp")]
    [InlineData("Http")]
    [InlineData("Rest")]
    [InlineData("Explorer")]
    [InlineData("Authentication")]
    [InlineData("Cli.Memories")]
    [InlineData("Cli.Transfer")]
    [InlineData("Hooks")]
    public void A_front_door_knows_no_store_and_no_model_by_name(string door) =>
        AssertIndependent(
            Types.InAssembly(typeof(McpServices).Assembly).That().ResideInNamespaceStartingWith($"McpQdrant.Server.{door}"),
            "McpQdrant.Stores", "McpQdrant.Embeddings", "Microsoft.Data.Sqlite", "Microsoft.ML.OnnxRuntime");

    /// <summary>Memories are reached through use cases, which ask the policy; a door that had a store in its hands could forget to.</summary>
    [Theory]
    [InlineData("Mcp")]
    [InlineData("Http")]
    [InlineData("Rest")]
    [InlineData("Explorer")]
    [InlineData("Authentication")]
    [InlineData("Cli.Memories")]
    [InlineData("Cli.Transfer")]
    [InlineData("Hooks")]
    public void A_front_door_reaches_memories_through_use_cases_only(string door) =>
        AssertIndependent(
            Types.InAssembly(typeof(McpServices).Assembly).That().ResideInNamespaceStartingWith($"McpQdrant.Server.{door}"),
            typeof(IMemoryStore).FullName!, typeof(ICollectionMaintenance).FullName!, typeof(CollectionCatalog).FullName!);

    /// <summary>A program in whose process memories are kept is bound by the same policy.</summary>
    [Fact]
    public void The_library_reaches_memories_through_use_cases_only() =>
        AssertIndependent(
            Types.InAssembly(typeof(MemoryBuilder).Assembly).That().HaveName("InProcessMemories"),
            typeof(IMemoryStore).FullName!, typeof(CollectionCatalog).FullName!, "McpQdrant.Stores", "McpQdrant.Embeddings");

    [Fact]
    public void Nothing_of_the_core_is_in_the_surface_of_the_libraries() => Assert.All(
        ((string[])["McpQdrant.AgentFramework", "McpQdrant.Client", "McpQdrant.Memory", "McpQdrant.Memory.Abstractions"]).SelectMany(project => File.ReadLines(Repository.File($"{project}/PublicAPI.Unshipped.txt"))),
        line => Assert.DoesNotMatch("McpQdrant\\.(Core|Stores|Embeddings)", line));

    /// <summary>Filters and rankings are pure: they can be tested, and used by any store, without the rest of the core.</summary>
    [Theory]
    [InlineData("Search.Filters")]
    [InlineData("Json")]
    public void A_pure_folder_of_the_core_uses_no_other(string folder) =>
        AssertIndependent(
            Types.InAssembly(typeof(IMemoryStore).Assembly).That().ResideInNamespaceStartingWith($"McpQdrant.Core.{folder}"),
            [.. CoreFolders().Where(other => !$"McpQdrant.Core.{folder}".StartsWith(other, StringComparison.Ordinal))]);

    private static IEnumerable<string> CoreFolders() => typeof(IMemoryStore).Assembly.GetTypes()
        .Select(type => type.Namespace)
        .Where(name => name?.StartsWith("McpQdrant.Core.", StringComparison.Ordinal) == true)
        .Select(name => string.Join('.', name!.Split('.').Take(3)))
        .Distinct();

    private static void AssertIndependent(PredicateList types, params string[] forbidden)
    {
        Assert.NotEmpty(types.GetTypes());
        var result = types.ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypes?.Select(type => type.FullName) ?? []));
    }
}
