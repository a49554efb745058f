using System.Text.Json.Nodes;
using McpQdrant.Tests.Protocol;
using McpQdrant.Tests.Server.Authentication;

namespace McpQdrant.Tests.Security;

/// <summary>A server with callers of every kind, and a memory in a collection that most may see and in one that most may not.</summary>
public sealed class PolicyServer : IAsyncLifetime
{
    public const string AdminKey = "admin-key";

    private readonly TemporaryFolder _folder = new();

    internal AccessServer Server { get; private set; } = null!;

    /// <summary>The id of the memory that both collections hold.</summary>
    public string Id { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        string[] own = ["own-*"];
        var finder = AccessServer.Entry("finder", own, read: true, write: true, forget: true);
        finder["tools"] = new JsonArray("find");
        await File.WriteAllTextAsync(_folder.File("access.json"), AccessServer.File(
            AccessServer.Entry("reader", own, read: true),
            AccessServer.Entry("writer", own, read: true, write: true),
            AccessServer.Entry("ingester", own, write: true),
            AccessServer.Entry("eraser", own, read: true, write: true, forget: true),
            AccessServer.Entry("eraser2", own, read: true, write: true, forget: true),
            AccessServer.Entry("forgetter", own, forget: true),
            AccessServer.Entry("stranger", ["elsewhere"], read: true, write: true, forget: true),
            finder));
        Server = await AccessServer.StartAsync(("MCP_API_KEY", AdminKey), ("MCP_ACCESS_FILE", _folder.File("access.json")), ("MCP_RATE_LIMIT", "0"));
        await SeedAsync();
    }

    /// <summary>Puts both memories back, alone and under the same id, whatever was done to them.</summary>
    public async Task SeedAsync()
    {
        foreach (var collection in new[] { "own-here", "secret-here" })
        {
            await ClearAsync(collection);
            var stored = await Server.CallAsync("qdrant-store", new JsonObject { ["information"] = "The vault opens at nine.", ["metadata"] = new JsonObject { ["kind"] = "fact" }, ["collection_name"] = collection }, AdminKey);
            Id = stored.GetProperty("result").GetProperty("structuredContent").GetProperty("id").GetString()!;
        }
    }

    private async Task ClearAsync(string collection)
    {
        var everything = new JsonObject { ["must_not"] = new JsonArray(new JsonObject { ["key"] = "metadata.none", ["match"] = new JsonObject { ["value"] = 1 } }) };
        var preview = await Server.CallAsync("qdrant-forget", new JsonObject { ["filter"] = everything, ["collection_name"] = collection }, AdminKey);
        if (preview.Structured().TryGetProperty("confirmation", out var shown) && shown.GetString() is { } code)
            await Server.CallAsync("qdrant-forget", new JsonObject { ["confirmation"] = code, ["collection_name"] = collection }, AdminKey);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
