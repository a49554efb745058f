using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Tests.Core.Collections;
using McpQdrant.Tests.Qdrant;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>Servers that are down, slow, starting, restarting, or no Qdrant at all: a sentence in bounded time, and the next call works.</summary>
public sealed class QdrantFaultTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mcpqdrant-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_down_is_named_and_found_again_without_a_restart()
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}/");
        using var service = QdrantService.At(url);

        var failure = await Assert.ThrowsAsync<MemoryException>(() => service.Store.ListAsync(Token));
        await using var server = await StartAsync(new QdrantStandInOptions { Urls = url.ToString() });

        Assert.StartsWith($"Qdrant at {url.ToString().TrimEnd('/')} can't be reached: Connection refused", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Check that it runs", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await service.Store.ListAsync(Token));
    }

    [Fact]
    public async Task A_server_that_restarts_costs_nothing_that_was_acknowledged()
    {
        var options = new QdrantStandInOptions { Urls = $"http://127.0.0.1:{FreePort()}", StoragePath = Path.Combine(_folder.FullName, "qdrant.log") };
        using var service = QdrantService.At(new Uri(options.Urls));
        await using (await StartAsync(options))
        {
            await service.Store.CreateAsync(Notes.Spec, Token);
            await service.Store.UpsertAsync(Notes.Layout, [Notes.Memory(1)], Token);
        }

        await using var again = await StartAsync(options);

        Assert.Equal("text 1", Assert.Single(await service.Store.SearchAsync(Notes.Layout, Notes.Search, Token)).Memory.Text);
    }

    [Theory]
    [InlineData(StatusCodes.Status503ServiceUnavailable)]
    [InlineData(StatusCodes.Status502BadGateway)]
    [InlineData(StatusCodes.Status429TooManyRequests)]
    public async Task A_server_that_is_not_ready_is_asked_again(int status)
    {
        var asked = 0;
        await using var server = await StartAsync(new QdrantStandInOptions { Before = context => Task.FromResult(Refuses(context, status, ++asked <= 2)) });
        using var service = QdrantService.At(server.Url);

        await service.Store.CreateAsync(Notes.Spec, Token);

        Assert.Equal(2 + 2, asked); // Two refused, then the version and the collection.
    }

    [Fact]
    public async Task A_server_that_never_gets_ready_is_given_up()
    {
        await using var server = await StartAsync(new QdrantStandInOptions { Before = context => Task.FromResult(Refuses(context, 503, true)) });
        using var service = QdrantService.At(server.Url);

        var failure = await Assert.ThrowsAnyAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.EndsWith("isn't ready to answer (HTTP 503). It may be starting; try again in a moment.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_wait_that_the_server_asks_for_is_told_rather_than_waited_out()
    {
        var asked = 0;
        await using var server = await StartAsync(new QdrantStandInOptions
        {
            Before = context =>
            {
                asked++;
                context.Response.Headers.RetryAfter = "30";
                return Task.FromResult(Refuses(context, StatusCodes.Status429TooManyRequests, true));
            },
        });
        using var service = QdrantService.At(server.Url);

        await Assert.ThrowsAnyAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_answer_is_tried_again()
    {
        var asked = 0;
        await using var server = await StartAsync(new QdrantStandInOptions { Before = context => Task.FromResult(Breaks(context, ++asked <= 2)) });
        using var service = QdrantService.At(server.Url);

        Assert.Empty(await service.Store.ListAsync(Token));
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_connection_that_breaks_amid_the_answer_is_tried_again()
    {
        var asked = 0;
        await using var server = await StartAsync(new QdrantStandInOptions { Before = context => BreaksAmidAsync(context, ++asked == 1) });
        using var service = QdrantService.At(server.Url);

        Assert.Empty(await service.Store.ListAsync(Token));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_connection_that_always_breaks_is_given_up()
    {
        await using var server = await StartAsync(new QdrantStandInOptions { Before = context => Task.FromResult(Breaks(context, true)) });
        using var service = QdrantService.At(server.Url);

        var failure = await Assert.ThrowsAnyAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.Contains("broke the connection before it had answered", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_costs_the_timeout_and_no_more()
    {
        await using var server = await StartAsync(new QdrantStandInOptions { Before = HangAsync });
        using var service = QdrantService.At(server.Url, seconds: 0.4);
        var clock = Stopwatch.StartNew();

        var failure = await Assert.ThrowsAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.Contains("did not answer within 0.4 s", failure.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.35, 3);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_not_told_of_a_timeout()
    {
        using var caller = new CancellationTokenSource();
        await using var server = await StartAsync(new QdrantStandInOptions
        {
            Before = async context =>
            {
                await caller.CancelAsync();
                return await HangAsync(context);
            },
        });
        using var service = QdrantService.At(server.Url);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.Store.ListAsync(caller.Token));
    }

    [Fact]
    public async Task The_grpc_port_is_recognised()
    {
        // What came from the real one, as the recordings have it.
        byte[] settings = [0, 0, 0x12, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0x10, 0, 0, 0, 5, 0, 0, 0x40, 0, 0, 6, 0, 0, 0x40, 0];
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, settings);
        using var service = QdrantService.At(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        var failure = await Assert.ThrowsAnyAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.Contains("is Qdrant's gRPC port, give the one of the REST API, by default 6333", failure.Message, StringComparison.Ordinal);
        listener.Stop();
        await serving;
    }

    [Fact]
    public async Task Tls_to_a_plain_port_is_recognised()
    {
        await using var server = await StartAsync(new QdrantStandInOptions());
        using var service = QdrantService.At(new UriBuilder(server.Url) { Scheme = "https" }.Uri);

        var failure = await Assert.ThrowsAnyAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.Contains("can't be reached by TLS", failure.Message, StringComparison.Ordinal);
        Assert.Contains("write http://", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_program_at_the_address_is_recognised()
    {
        await using var server = await StartAsync(new QdrantStandInOptions
        {
            Before = async context =>
            {
                await context.Response.WriteAsync("<html>Welcome</html>");
                return true;
            },
        });
        using var service = QdrantService.At(server.Url);

        var failure = await Assert.ThrowsAnyAsync<MemoryException>(() => service.Store.ListAsync(Token));

        Assert.Contains("but not as Qdrant's REST API does", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_make_the_same_collection_at_once_all_succeed()
    {
        await using var server = await StartAsync(new QdrantStandInOptions());
        var services = Enumerable.Range(0, 8).Select(_ => QdrantService.At(server.Url)).ToList();

        await Task.WhenAll(services.Select(async (service, number) =>
        {
            var catalog = new CollectionCatalog(service.Store, new EmbeddingModels(new CountingModel(Notes.Model), []), new CollectionDefaults());
            var notes = await catalog.GetOrCreateAsync(Notes.Spec.Name, Token);
            await service.Store.UpsertAsync(notes.Layout, [Notes.Memory(number)], Token);
        }));

        Assert.Equal(8, await services[0].Store.CountAsync(Notes.Layout, null, Token));
        services.ForEach(service => service.Dispose());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<QdrantStandIn> StartAsync(QdrantStandInOptions options) => QdrantStandIn.StartAsync(options, Token);

    private static bool Refuses(HttpContext context, int status, bool now)
    {
        if (now)
            context.Response.StatusCode = status;
        return now;
    }

    private static bool Breaks(HttpContext context, bool now)
    {
        if (now)
            context.Abort();
        return now;
    }

    private static async Task<bool> BreaksAmidAsync(HttpContext context, bool now)
    {
        if (!now)
            return false;

        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("""{"result":{"collec""");
        await context.Response.Body.FlushAsync();
        context.Abort();
        return true;
    }

    private static async Task<bool> HangAsync(HttpContext context)
    {
        var isGone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(isGone.SetResult);
        await isGone.Task;
        return true;
    }

    private static async Task ServeAsync(TcpListener listener, byte[] answer)
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptSocketAsync();
                await connection.SendAsync(answer);
                connection.LingerState = new LingerOption(false, 0);
                connection.Shutdown(SocketShutdown.Send);
                await connection.ReceiveAsync(new byte[1024]);
            }
        }
        catch (Exception failure) when (failure is SocketException or InvalidOperationException)
        {
            // The test has stopped listening.
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
