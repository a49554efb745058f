using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Server.Mcp;

public sealed class ResourceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_templates_lead_to_a_collection_and_to_a_memory()
    {
        await using var host = await ToolHost.StartAsync();

        var templates = await host.Client.ListResourceTemplatesAsync(cancellationToken: Token);

        Assert.Equal(["memory://{collection}", "memory://{collection}/{id}"], templates.Select(template => template.UriTemplate).Order());
        Assert.All(templates, template => Assert.Equal("application/json", template.MimeType));
    }

    [Theory]
    [InlineData("notes", "notes")]
    [InlineData("Work Notes", "Work%20Notes")]
    [InlineData("Grüße-日本", "Gr%C3%BC%C3%9Fe-%E6%97%A5%E6%9C%AC")]
    [InlineData("a%20b", "a%2520b")]
    public async Task A_collection_and_its_memories_are_read(string name, string encoded)
    {
        await using var host = await ToolHost.StartAsync();
        var id = await host.StoreAsync("the cat", """{"a":1}""", name);

        var collection = await ReadAsync(host, $"memory://{encoded}");
        var memory = await ReadAsync(host, $"memory://{encoded}/{id}");

        Assert.Equal((name, 1), (collection.GetProperty("collection").GetProperty("name").GetString(), collection.GetProperty("collection").GetProperty("memories").GetInt32()));
        Assert.Equal(id, Assert.Single(collection.GetProperty("memories").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(
            (id, "the cat", """{"a":1}"""),
            (memory.GetProperty("id").GetString(), memory.GetProperty("content").GetString(), memory.GetProperty("metadata").GetRawText()));
        Assert.Equal(host.Clock.GetUtcNow(), memory.GetProperty("created_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Capitals_tell_collections_apart()
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("cat", collection: "Notes");
        await host.StoreAsync("dog", collection: "notes");

        var capital = await ReadAsync(host, "memory://Notes");

        Assert.Equal("cat", Assert.Single(capital.GetProperty("memories").EnumerateArray()).GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("memory://unknown")]
    [InlineData("memory://unknown/7")]
    [InlineData("memory://notes/7")]
    [InlineData("memory://notes/no-id")]
    [InlineData("memory://notes/7/8")]
    [InlineData("memory://")]
    [InlineData("memory:///7")]
    [InlineData("memory://a%2Fb")]
    [InlineData("memory://%ff")]
    public async Task What_is_not_there_is_a_protocol_error(string uri)
    {
        await using var host = await ToolHost.StartAsync();
        await host.StoreAsync("cat");

        Assert.Equal(McpErrorCode.ResourceNotFound, await host.ProtocolErrorAsync(client => client.ReadResourceAsync(uri, cancellationToken: Token).AsTask()));
    }

    [Theory]
    [InlineData("memory://unknown")]
    [InlineData("file:///etc/passwd")]
    public async Task Read_says_which_resource_is_not_there(string uri)
    {
        await using var host = await ToolHost.StartAsync();

        var failure = await Assert.ThrowsAsync<McpProtocolException>(() => host.Client.ReadResourceAsync(uri, cancellationToken: Token).AsTask());

        Assert.Equal(uri, failure.Data["uri"]?.ToString());
    }

    [Fact]
    public async Task Another_scheme_is_not_ours()
    {
        await using var host = await ToolHost.StartAsync();

        Assert.Equal(McpErrorCode.InvalidParams, await host.ProtocolErrorAsync(client => client.ReadResourceAsync("file:///etc/passwd", cancellationToken: Token).AsTask()));
    }

    [Fact]
    public async Task Bound_to_a_collection_no_resource_shows_another()
    {
        await using var open = await ToolHost.StartAsync(("COLLECTION_NAME", "notes"), ("MCP_COLLECTION_ARGUMENT", "true"));
        await using var bound = await ToolHost.StartAsync(("COLLECTION_NAME", "notes"));
        var id = await open.StoreAsync("dog", collection: "others");
        await bound.DoAsync("qdrant-store", """{"information": "cat"}""");

        Assert.Equal("dog", (await ReadAsync(open, $"memory://others/{id}")).GetProperty("content").GetString());
        Assert.Equal(1, (await ReadAsync(bound, "memory://notes")).GetProperty("collection").GetProperty("memories").GetInt32());
        Assert.Equal(McpErrorCode.ResourceNotFound, await bound.ProtocolErrorAsync(client => client.ReadResourceAsync("memory://others", cancellationToken: Token).AsTask()));
    }

    [Theory]
    [InlineData("", "Work home notes")]
    [InlineData("w", "Work")]
    [InlineData("NO", "notes")]
    [InlineData("x", "")]
    public async Task Names_of_collections_are_completed(string typed, string expected)
    {
        await using var host = await ToolHost.StartAsync();
        foreach (var name in (string[])["notes", "Work", "home"])
            await host.StoreAsync("cat", collection: name);

        foreach (var reference in (Reference[])[new ResourceTemplateReference { Uri = "memory://{collection}" }, new PromptReference { Name = "recall" }])
        {
            var completion = (await host.Client.CompleteAsync(reference, "collection", typed, cancellationToken: Token)).Completion;

            Assert.Equal(expected, string.Join(' ', completion.Values));
            Assert.Equal((completion.Values.Count, false), (completion.Total, completion.HasMore));
        }
    }

    [Fact]
    public async Task Other_arguments_and_other_collections_are_not_completed()
    {
        await using var host = await ToolHost.StartAsync(("COLLECTION_NAME", "notes"));
        await host.DoAsync("qdrant-store", """{"information": "cat"}""");

        var template = new ResourceTemplateReference { Uri = "memory://{collection}/{id}" };

        Assert.Empty((await host.Client.CompleteAsync(template, "id", "", cancellationToken: Token)).Completion.Values);
        Assert.Equal(["notes"], (await host.Client.CompleteAsync(template, "collection", "", cancellationToken: Token)).Completion.Values);
    }

    private static async Task<JsonElement> ReadAsync(ToolHost host, string uri)
    {
        var contents = Assert.IsType<TextResourceContents>(Assert.Single((await host.Client.ReadResourceAsync(uri, cancellationToken: Token)).Contents));
        Assert.Equal((uri, "application/json"), (contents.Uri, contents.MimeType));
        return JsonElement.Parse(contents.Text);
    }
}
