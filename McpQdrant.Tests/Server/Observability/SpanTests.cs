using System.Diagnostics;

namespace McpQdrant.Tests.Server.Observability;

/// <summary>The spans of tool calls, by OpenTelemetry's conventions for MCP, generative AI and databases.</summary>
public sealed class SpanTests
{
    private const string Text = "red apples grow slowly";
    private const string Question = "which green fruit";

    [Fact]
    public async Task Find_is_a_tool_call_around_an_embedding_and_a_search()
    {
        var watched = await Watched.RunAsync(async client =>
        {
            await client.CallToolAsync("qdrant-store", Arguments("information", Text));
            await client.CallToolAsync("qdrant-find", Arguments("query", Question));
        });

        var call = watched.Span($"tools/call {"qdrant-find"}", ActivityKind.Server);
        var search = watched.Span("search notes", ActivityKind.Client);
        var embedding = Assert.Single(watched.Spans, span => span.OperationName.StartsWith("embeddings", StringComparison.Ordinal) && span.ParentSpanId == call.SpanId);
        Assert.Equal(call.SpanId, search.ParentSpanId);
        Assert.Equal("qdrant-find", call.GetTagItem("gen_ai.tool.name"));
        Assert.Equal(
            ("sqlite", "search", "notes", "hybrid", 1),
            (search.GetTagItem("db.system.name"), search.GetTagItem("db.operation.name"), search.GetTagItem("db.collection.name"),
                search.GetTagItem("mcp_qdrant.search.mode"), search.GetTagItem("db.response.returned_rows")));
        Assert.Equal(
            ("embeddings", "tiny-test", "local"),
            (embedding.GetTagItem("gen_ai.operation.name"), embedding.GetTagItem("gen_ai.request.model"), embedding.GetTagItem("gen_ai.provider.name")));
    }

    [Fact]
    public async Task Store_is_a_tool_call_around_an_embedding_and_an_insert()
    {
        var watched = await Watched.RunAsync(client => client.CallToolAsync("qdrant-store", Arguments("information", Text)).AsTask());

        var call = watched.Span($"tools/call {"qdrant-store"}", ActivityKind.Server);
        var insert = watched.Span("insert notes", ActivityKind.Client);
        Assert.Equal(call.SpanId, insert.ParentSpanId);
        Assert.Equal(1, insert.GetTagItem("db.operation.batch.size"));
        Assert.Equal(ActivityStatusCode.Unset, insert.Status);
        Assert.Contains(watched.Spans, span => span.OperationName.StartsWith("embeddings", StringComparison.Ordinal) && span.ParentSpanId == call.SpanId);
    }

    [Fact]
    public async Task No_span_holds_a_text_or_a_question()
    {
        var watched = await Watched.RunAsync(async client =>
        {
            await client.CallToolAsync("qdrant-store", Arguments("information", Text));
            await client.CallToolAsync("qdrant-find", Arguments("query", Question));
        });

        Assert.NotEmpty(watched.Spans);
        Assert.All(watched.Spans, span =>
        {
            var told = string.Join(
                '\n',
                [span.DisplayName, span.StatusDescription, .. Values(span.TagObjects), .. span.Events.SelectMany(@event => Values(@event.Tags).Prepend(@event.Name))]);
            Assert.DoesNotContain(Text, told, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Question, told, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Failing_store_shows_in_the_span_and_in_its_duration_and_recovers()
    {
        using var folder = new TemporaryFolder();
        var collection = $"notes-{Guid.NewGuid():N}";
        var blocked = folder.File("store");
        await File.WriteAllTextAsync(blocked, "a file where a folder should be", TestContext.Current.CancellationToken);

        var watched = await Watched.RunAsync(
            async client =>
            {
                var refused = await client.CallToolAsync("qdrant-store", Arguments("information", Text, collection));
                Assert.True(refused.IsError);

                File.Delete(blocked);
                var stored = await client.CallToolAsync("qdrant-store", Arguments("information", Text, collection));
                Assert.NotEqual(true, stored.IsError);
            },
            folder: blocked);

        var failed = Assert.Single(watched.Spans, span => span.Kind == ActivityKind.Client && span.Status == ActivityStatusCode.Error && span.GetTagItem("db.system.name") is not null);
        Assert.Equal("MemoryException", failed.GetTagItem("error.type"));
        Assert.Null(failed.StatusDescription);
        Assert.Equal(ActivityStatusCode.Unset, watched.Span($"insert {collection}", ActivityKind.Client).Status);
        Assert.Contains(
            watched.Points("db.client.operation.duration", "db.collection.name", "_OTHER"),
            measured => Tags(measured.Point).Contains(("error.type", "MemoryException")));
    }

    /// <summary>Libraries write messages of errors there, and those quote keys of filters, values and ids.</summary>
    [Fact]
    public async Task No_span_quotes_what_a_caller_sent_where_a_call_fails()
    {
        const string secret = "zanzibar";
        var watched = await Watched.RunAsync(async client =>
        {
            await client.CallToolAsync("qdrant-find", Arguments("query", Question, $"{secret}/x"));
            await client.CallToolAsync("qdrant-update", new Dictionary<string, object?> { ["id"] = secret, ["information"] = Text, ["collection_name"] = "notes" });
            await client.CallToolAsync("qdrant-forget", new Dictionary<string, object?>
            {
                ["collection_name"] = "notes",
                ["filter"] = new Dictionary<string, object?> { ["must"] = new Dictionary<string, object?> { [secret] = secret } },
            });
            await Assert.ThrowsAnyAsync<Exception>(() => client.ReadResourceAsync(new Uri($"memory://notes/{secret}")).AsTask());
        });

        Assert.Contains(watched.Spans, span => span.Status == ActivityStatusCode.Error);
        Assert.All(watched.Spans, span => Assert.Null(span.StatusDescription));
    }

    private static Dictionary<string, object?> Arguments(string name, string value, string collection = "notes") =>
        new() { [name] = value, ["collection_name"] = collection };

    private static IEnumerable<string?> Values(IEnumerable<KeyValuePair<string, object?>> tags) => tags.Select(tag => $"{tag.Key}={tag.Value}");

    private static List<(string, object?)> Tags(OpenTelemetry.Metrics.MetricPoint point)
    {
        var tags = new List<(string, object?)>();
        foreach (var (name, value) in point.Tags)
            tags.Add((name, value));
        return tags;
    }
}
