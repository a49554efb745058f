using System.Text;
using System.Text.Json;
using McpQdrant.Benchmarks.Quality;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Passages;
using McpQdrant.Core.Search.Ranking;
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

    /// <param name="folder">Where the store is; null for a fresh one.</param>
    /// <param name="model">What EMBEDDING_MODEL is to be; null for the default.</param>
    /// <param name="settings">What else is set.</param>
    public static ServiceProvider Compose(string search, string? folder = null, string? model = null, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        var environment = new Dictionary<string, string> { ["QDRANT_LOCAL_PATH"] = folder ?? ServerUnderTest.FreshFolder(), ["EMBEDDING_CACHE_SIZE"] = "0", ["MEMORY_SEARCH"] = search };
        if (model is not null)
            environment["EMBEDDING_MODEL"] = model;
        foreach (var (name, value) in settings)
            environment[name] = value;
        var loaded = SettingValues.Load(new Dictionary<string, string>(), environment, programFile: "");
        return new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning)).AddMemoryServer(loaded, Caller.Local).BuildServiceProvider();
    }

    /// <summary>
    /// Stores memories with real texts, vectors mixed of real ones, so that they lie as real ones do, and five fields of metadata, if the collection is empty; each
    /// of 100 projects has 1 %.
    /// </summary>
    public static async Task<CollectionLayout> FillAsync(ServiceProvider services, int memories, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IMemoryStore>();
        var (layout, _, embedder) = await services.GetRequiredService<CollectionCatalog>().GetOrCreateAsync(CollectionName.Parse("benchmark"), cancellationToken);

        if (await store.CountAsync(layout, filter: null, cancellationToken) == memories)
            return layout;

        var texts = Texts();
        var directions = await DirectionsAsync(embedder, texts, cancellationToken);
        var random = new Random(1);
        foreach (var batch in Enumerable.Range(0, memories).Chunk(1000))
            await store.UpsertAsync(layout, [.. batch.Select(i => Memory(i, texts[i % texts.Length], Mixed(directions, random), random))], cancellationToken);
        return layout;
    }

    /// <summary>Stores long memories, made of real texts, if the collection is empty. The vectors of their passages are mixed of those of real ones, so that they lie as real ones do.</summary>
    public static async Task<CollectionLayout> FillLongAsync(ServiceProvider services, int memories, int words, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IMemoryStore>();
        var (layout, _, embedder) = await services.GetRequiredService<CollectionCatalog>().GetOrCreateAsync(CollectionName.Parse("benchmark"), cancellationToken);
        if (await store.CountAsync(layout, filter: null, cancellationToken) == memories)
            return layout;

        var texts = Texts();
        var directions = await DirectionsAsync(embedder, texts, cancellationToken);
        var random = new Random(1);
        foreach (var batch in Enumerable.Range(0, memories).Chunk(100))
            await store.UpsertAsync(layout, [.. batch.Select(i => LongMemory(i, LongText(texts, words, random), directions, random))], cancellationToken);
        return layout;
    }

    private static string[] Texts() => [.. Cranfield.Load(Path.Combine(AppContext.BaseDirectory, "Data", "cranfield")).Documents.Values];

    /// <summary>The vectors of passages of some texts.</summary>
    private static async Task<float[][]> DirectionsAsync(ITextEmbedder embedder, string[] texts, CancellationToken cancellationToken)
    {
        string[] passages = [.. texts.Where((_, i) => i % 3 == 0).SelectMany(text => PassageCutter.Cut(text).Select(passage => passage.In(text).ToString()))];
        return [.. (await embedder.EmbedDocumentsAsync(passages, cancellationToken)).Select(embedding => ((SemanticVector.Embedded)embedding.Vector).Values.ToArray())];
    }

    private static string LongText(string[] texts, int words, Random random)
    {
        var text = new StringBuilder();
        for (var count = 0; count < words;)
        {
            var next = texts[random.Next(texts.Length)];
            text.Append(next).Append("\n\n");
            count += next.Count(unit => unit == ' ') + 1;
        }
        return text.ToString();
    }

    private static StoredMemory LongMemory(int number, string text, float[][] directions, Random random)
    {
        var passages = PassageCutter.Cut(text).Select(_ => (SemanticVector)new SemanticVector.Embedded(Mixed(directions, random))).ToArray();
        return new StoredMemory(new Memory(new MemoryId((ulong)number), text, null, DateTimeOffset.UnixEpoch.AddMinutes(number)), new SemanticVector.Embedded(Mixed(directions, random))) { Passages = passages };
    }

    /// <summary>A vector between two of some.</summary>
    public static float[] Mixed(float[][] directions, Random random)
    {
        var (one, other) = (directions[random.Next(directions.Length)], directions[random.Next(directions.Length)]);
        var weight = random.NextSingle() / 2;
        var mixed = new float[one.Length];
        for (var i = 0; i < mixed.Length; i++)
            mixed[i] = one[i] * (1 - weight) + other[i] * weight;
        UnitVector.Normalize(mixed);
        return mixed;
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

    private static StoredMemory Memory(int number, string text, float[] vector, Random random)
    {
        var metadata = JsonElement.Parse(
            $$"""{"project": "{{Projects[number % 100]}}", "kind": "{{Kinds[random.Next(4)]}}", "number": {{number}}, "weight": {{random.NextDouble():F4}}, "done": {{(number % 3 == 0 ? "true" : "false")}}}""");
        return new StoredMemory(
            new Memory(new MemoryId((ulong)number), $"{text} {number}", metadata, DateTimeOffset.UnixEpoch.AddMinutes(number)),
            new SemanticVector.Embedded(vector));
    }
}
