using System.Text.Json;
using McpQdrant.Benchmarks.Quality;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Server.Hosting;
using McpQdrant.Server.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Benchmarks.Store;

/// <summary>The server's own parts in this process, over an embedded store with many memories.</summary>
internal static class StoreUnderTest
{
    private static readonly string[] Projects = [.. Enumerable.Range(0, 100).Select(i => $"project-{i}")];
    private static readonly string[] Kinds = ["decision", "fact", "preference", "solution"];

    public static ServiceProvider Compose(string search)
    {
        var settings = SettingValues.Load(
            new Dictionary<string, string>(),
            new Dictionary<string, string> { ["QDRANT_LOCAL_PATH"] = ServerUnderTest.FreshFolder(), ["EMBEDDING_CACHE_SIZE"] = "0", ["MEMORY_SEARCH"] = search },
            programFile: "");
        return new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning)).AddMemoryServer(settings, Caller.Local).BuildServiceProvider();
    }

    /// <summary>Stores memories with real texts, random directions and five fields of metadata; each of 100 projects has 1 %.</summary>
    public static async Task<CollectionLayout> FillAsync(ServiceProvider services, int memories, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IMemoryStore>();
        var (layout, identity, _) = await services.GetRequiredService<CollectionCatalog>().GetOrCreateAsync(CollectionName.Parse("benchmark"), cancellationToken);

        var data = Path.Combine(AppContext.BaseDirectory, "Data", "cranfield");
        var texts = Cranfield.Load(data).Documents.Values.ToArray();
        var random = new Random(1);
        foreach (var batch in Enumerable.Range(0, memories).Chunk(1000))
            await store.UpsertAsync(layout, [.. batch.Select(i => Memory(i, texts[i % texts.Length], identity.Dimensions, random))], cancellationToken);
        return layout;
    }

    public static IReadOnlyList<string> Questions()
    {
        var data = Path.Combine(AppContext.BaseDirectory, "Data", "cranfield");
        return [.. Cranfield.Load(data).Questions.Values];
    }

    public static float[] RandomDirection(int size, Random random)
    {
        var vector = new float[size];
        for (var i = 0; i < size; i++)
            vector[i] = random.NextSingle() - 0.5f;
        return vector;
    }

    private static StoredMemory Memory(int number, string text, int size, Random random)
    {
        var metadata = JsonElement.Parse(
            $$"""{"project": "{{Projects[number % 100]}}", "kind": "{{Kinds[random.Next(4)]}}", "number": {{number}}, "weight": {{random.NextDouble():F4}}, "done": {{(number % 3 == 0 ? "true" : "false")}}}""");
        return new StoredMemory(
            new Memory(new MemoryId((ulong)number), $"{text} {number}", metadata, DateTimeOffset.UnixEpoch.AddMinutes(number)),
            new SemanticVector.Embedded(RandomDirection(size, random)));
    }
}
