using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Tests.Server.Mcp;

namespace McpQdrant.Tests.Core.Memories;

public sealed class MemoryServiceTests
{
    private static readonly CollectionName Notes = CollectionName.Parse("notes");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Updates_of_one_memory_at_once_lose_no_field()
    {
        await using var host = await ToolHost.StartAsync();
        var memories = host.Get<MemoryService>();
        var id = (await memories.StoreAsync(Notes, "the cat", null, force: false, Token)).Id;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => memories.UpdateAsync(Notes, id, $"the cat {number}", old => With(old, number), Token))));

        var memory = Assert.Single(await memories.GetAsync(Notes, [id], Token));
        Assert.Equal(50, memory.Metadata!.Value.EnumerateObject().Count());
    }

    private static JsonElement With(JsonElement? old, int number)
    {
        var fields = old?.EnumerateObject().ToDictionary(field => field.Name, field => field.Value) ?? [];
        fields[$"f{number}"] = JsonElement.Parse("true");
        return JsonSerializer.SerializeToElement(fields);
    }
}
