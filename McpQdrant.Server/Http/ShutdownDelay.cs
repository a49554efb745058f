namespace McpQdrant.Server.Http;

/// <summary>The time between the order to stop and the end of listening: <c>/health</c> says 503 already, and requests are still served.</summary>
/// <remarks>
/// A load balancer notices at its next check that it should send requests elsewhere. Its kept connections are closed by answers that say so: one that
/// was closed without a word may get one more request, which would be lost.
/// </remarks>
internal sealed class ShutdownDelay(HttpOptions options, IHostApplicationLifetime lifetime, TimeProvider time) : IHostedLifecycleService
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested && context.Request.Protocol == HttpProtocol.Http11)
            context.Response.Headers.Connection = "close";
        return next(context);
    }

    /// <remarks>It is awaited before any service is stopped, the listener among them.</remarks>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(options.ShutdownDelay, time, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
