using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Tests.Server.Mcp;

namespace McpQdrant.Tests.Core.Memories;

public sealed class UpdateMemoryTests
{
    private static readonly CollectionName Notes = CollectionName.Parse("notes");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Updates_of_one_memory_at_once_lose_no_field()
    {
        await using var host = await ToolHost.StartAsync();
        var update = host.Get<UpdateMemory>();
        var id = (await host.Get<StoreMemory>().HandleAsync(Caller.Local, new StoreMemoryRequest(Notes, "the cat"), Token)).Id;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => update.HandleAsync(
            Caller.Local, new UpdateMemoryRequest(Notes, id, $"the cat {number}", JsonElement.Parse($$"""{"f{{number}}": true}""")), Token))));

        var memory = await host.Get<GetMemory>().HandleAsync(Caller.Local, new GetMemoryRequest(Notes, id), Token);
        Assert.Equal(50, memory.Metadata!.Value.EnumerateObject().Count());
    }
}
