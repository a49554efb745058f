using System.Text;
using McpQdrant.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace McpQdrant.Tests.Server.Http;

public sealed class EventStreamBodyTests : IDisposable
{
    private const string Event = "event: message\ndata: {}\n\n";

    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryStream _sent = new();

    public void Dispose() => _sent.Dispose();

    [Fact]
    public async Task Idle_stream_gets_a_comment_each_interval()
    {
        await ServeAsync("text/event-stream", async context =>
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Event));
            _clock.Advance(EventStreamBody.Interval);
            _clock.Advance(EventStreamBody.Interval);
        });

        Assert.Equal($"{Event}: keep-alive\n\n: keep-alive\n\n", Sent);
    }

    [Fact]
    public async Task Stream_that_is_busy_gets_none()
    {
        await ServeAsync("text/event-stream", async context =>
        {
            _clock.Advance(EventStreamBody.Interval / 2);
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Event));
            _clock.Advance(EventStreamBody.Interval / 2);
        });

        Assert.Equal(Event, Sent);
    }

    [Fact]
    public async Task Response_that_is_no_stream_gets_none()
    {
        await ServeAsync("application/json", _ =>
        {
            _clock.Advance(EventStreamBody.Interval);
            return Task.CompletedTask;
        });

        Assert.Empty(Sent);
    }

    [Fact]
    public async Task Nothing_comes_after_the_end()
    {
        await ServeAsync("text/event-stream", _ => Task.CompletedTask);

        _clock.Advance(EventStreamBody.Interval);

        Assert.Empty(Sent);
    }

    /// <summary>The SDK gives the token of the request that is answered. What it has begun to write then must come to its end.</summary>
    [Fact]
    public async Task Event_goes_out_whole_when_its_request_is_cancelled()
    {
        await ServeAsync("text/event-stream", async context =>
        {
            using var cancelled = new CancellationTokenSource();
            await cancelled.CancelAsync();

            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Event), cancelled.Token);
            await context.Response.Body.FlushAsync(cancelled.Token);
        });

        Assert.Equal(Event, Sent);
    }

    private string Sent => Encoding.UTF8.GetString(_sent.ToArray());

    private async Task ServeAsync(string contentType, Func<HttpContext, Task> serve)
    {
        var context = new DefaultHttpContext { Request = { Method = "GET" }, Response = { Body = _sent } };
        await EventStreamBody.InvokeAsync(
            context,
            inner =>
            {
                inner.Response.ContentType = contentType;
                return serve(inner);
            },
            _clock);
    }
}
