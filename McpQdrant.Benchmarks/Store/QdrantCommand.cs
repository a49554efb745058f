using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Stores.Qdrant;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Benchmarks.Store;

/// <summary>What the Qdrant store adds to a round trip: against a server that gives one answer to all, by the store and by bare HTTP in turn.</summary>
internal static class QdrantCommand
{
    private const int Size = 384;
    private const int Rounds = 2000;

    private static readonly CollectionLayout Layout = new()
    {
        Name = CollectionName.Parse("benchmark"),
        VectorName = "fast-all-minilm-l6-v2",
        VectorSize = Size,
        Distance = McpQdrant.Core.Collections.Distance.Cosine,
        Keywords = Bm25Options.Default,
    };

    public static Command Create()
    {
        var command = new Command("qdrant", "Own time of the Qdrant store in a hybrid find. Goal: 0.3 ms.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        byte[] answer = [];
        byte[] request = [];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.MapPost("/{**path}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            request = body.ToArray();
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer);
        });
        await server.StartAsync(cancellationToken);
        var address = new Uri(server.Urls.Single());

        await using var services = new ServiceCollection().AddLogging().AddQdrantStore(new QdrantOptions { Url = address }).BuildServiceProvider();
        var store = services.GetRequiredService<IMemoryStore>();
        using var http = new HttpClient { BaseAddress = address };

        foreach (var keywords in (string?[])[null, "when does the key rotate"])
        {
            answer = Answer(isBatch: keywords is not null);
            var own = await OwnTimesAsync(keywords);
            Console.WriteLine($"{(keywords is null ? "dense " : "hybrid")} own time of the store {Statistics.Median(own):F3} ms a find (median of {own.Count} pairs)");
        }
        return 0;

        async Task<List<double>> OwnTimesAsync(string? keywords)
        {
            var search = new SearchRequest { Vector = new SemanticVector.Embedded(StoreUnderTest.RandomDirection(Size, new Random(1))), Keywords = keywords, Limit = 10 };
            var own = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                await store.SearchAsync(Layout, search, cancellationToken);
                var middle = Stopwatch.GetTimestamp();
                using var content = new ByteArrayContent(request) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using var response = await http.PostAsync(new Uri("/collections/benchmark/points/query/batch", UriKind.Relative), content, cancellationToken);
                await response.Content.ReadAsByteArrayAsync(cancellationToken);
                if (round >= Rounds / 4)
                    own.Add((Stopwatch.GetElapsedTime(start, middle) - Stopwatch.GetElapsedTime(middle)).TotalMilliseconds);
            }
            return own;
        }
    }

    private static byte[] Answer(bool isBatch)
    {
        static string Hits(int count, bool payload) => string.Join(',', Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["id"] = Guid.CreateVersion7(),
            ["version"] = i,
            ["score"] = 1.0 - (i * 0.01),
            ["payload"] = payload ? new { document = new string('x', 300), metadata = new { project = "atlas", number = i }, stored_at = "2026-11-24T00:00:00Z" } : null,
        })));
        return Encoding.UTF8.GetBytes(!isBatch
            ? $$"""{"result":{"points":[{{Hits(11, payload: true)}}]},"status":"ok","time":0.001}"""
            : $$"""{"result":[{"points":[{{Hits(11, payload: true)}}]},{"points":[{{Hits(50, payload: false)}}]},{"points":[{{Hits(50, payload: false)}}]}],"status":"ok","time":0.001}""");
    }
}
