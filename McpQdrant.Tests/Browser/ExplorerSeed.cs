using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Tests.Server.Explorer;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Tests.Browser;

/// <summary>Memories that are there before anybody looks: put into the store itself, whatever callers may do, without the model.</summary>
internal static class ExplorerSeed
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    public static Task StoreAsync(this ExplorerServer server, string collection, params string[] texts) =>
        server.StoreAsync(collection, [.. texts.Select((text, i) => Of(i, text))]);

    /// <summary>A memory that was stored a minute after the one with the number before.</summary>
    public static Memory Of(int number, string text, string? metadata = null) =>
        new(new MemoryId(new Guid(number, 0, 0, [0x80, 0, 0, 0, 0, 0, 0, 0])), text, metadata is null ? null : JsonElement.Parse(metadata), Begin + TimeSpan.FromMinutes(number));

    public static async Task StoreAsync(this ExplorerServer server, string collection, IReadOnlyList<Memory> memories)
    {
        var services = server.Server.Services;
        var used = await services.GetRequiredService<CollectionCatalog>().GetOrCreateAsync(CollectionName.Parse(collection), CancellationToken.None);
        foreach (var part in memories.Chunk(10_000))
        {
            await services.GetRequiredService<IMemoryStore>()
                .InsertAsync(used.Layout, [.. part.Select((memory, i) => new StoredMemory(memory, VectorOf(i, used.Layout.VectorSize)))], CancellationToken.None);
        }
    }

    /// <summary>Each thirtieth means the same.</summary>
    private static SemanticVector.Embedded VectorOf(int number, int size)
    {
        var random = new Random(number % 30);
        var values = new float[size];
        for (var i = 0; i < size; i++)
            values[i] = random.NextSingle() - 0.5f;
        return new SemanticVector.Embedded(values);
    }
}
