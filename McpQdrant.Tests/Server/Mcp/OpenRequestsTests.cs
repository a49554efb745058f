using System.Text;
using McpQdrant.Server.Mcp;
using McpQdrant.Server.Mcp.Stdio;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>A session ends when its requests have ended, also where a client gave several the same id.</summary>
public sealed class OpenRequestsTests : IAsyncDisposable
{
    private static readonly RequestId Id = new(1L);

    private readonly OpenRequests _open = new([]);
    private readonly McpServer _server = McpServer.Create(new StreamServerTransport(Stream.Null, Stream.Null), new McpServerOptions());
    private readonly McpMessageFilters _filters = new();

    public OpenRequestsTests() => _open.AddFilters(_filters);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_fails_ends_itself_and_not_another_one_of_its_id(bool failsFirst)
    {
        using var slow = new SemaphoreSlim(0);
        var (succeeds, fails) = ((Func<Task>)(() => slow.WaitAsync(Token)), (Func<Task>)(() => throw new InvalidOperationException("It failed.")));
        Add();
        Add();

        var running = new[] { ReceiveAsync(failsFirst ? fails : succeeds), ReceiveAsync(failsFirst ? succeeds : fails) };
        await Assert.ThrowsAsync<InvalidOperationException>(() => running[failsFirst ? 0 : 1]);
        Assert.False(_open.WhenEndedAsync().IsCompleted);
        await SendErrorAsync();
        Assert.False(_open.WhenEndedAsync().IsCompleted);
        slow.Release();
        await running[failsFirst ? 1 : 0];

        Assert.True(_open.WhenEndedAsync().IsCompleted);
    }

    [Fact]
    public async Task One_that_is_refused_before_it_is_handled_ends_with_its_answer()
    {
        Add();

        Assert.False(_open.WhenEndedAsync().IsCompleted);
        await SendErrorAsync();

        Assert.True(_open.WhenEndedAsync().IsCompleted);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private void Add() => Assert.True(_open.TryAdd(MessageText.Read(Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"memory://notes"}}"""))));

    private Task ReceiveAsync(Func<Task> handle) => Assert.Single(_filters.IncomingFilters)((_, _) => handle())(
        new MessageContext(_server, new JsonRpcRequest { Id = Id, Method = RequestMethods.ResourcesRead }), Token);

    private Task SendErrorAsync() => Assert.Single(_filters.OutgoingFilters)((_, _) => Task.CompletedTask)(
        new MessageContext(_server, new JsonRpcError { Id = Id, Error = new JsonRpcErrorDetail { Code = -32603, Message = "It failed." } }), Token);
}
