using McpQdrant.Server.Access;
using McpQdrant.Server.Configuration;

namespace McpQdrant.Server.Transports.Http;

/// <summary>Waits until a message is here as a whole, within a time, and looks whether its caller's scopes are enough for it.</summary>
internal sealed class RequestBody(HttpOptions options, AccessPolicy policy, Audit audit)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !McpEndpoint.IsOne(context))
        {
            await next(context);
            return;
        }

        if (await TryReceiveAsync(context) is not { } needed)
            return;

        var caller = policy.CallerOf(context.User);
        if (!caller.HasScopes || (needed & ~caller.Rights) is Rights.None)
        {
            await next(context);
            return;
        }

        audit.Refused(caller.Name, context.Request.Path.Value ?? "", collection: null, $"needs {Scopes.Of(needed)}");
        context.Response.Headers.WWWAuthenticate = Challenge.InsufficientScope(context, needed);
        await Refusal.WriteAsync(context, StatusCodes.Status403Forbidden, $"The token has not all scopes that this takes: {Scopes.Of(needed)}.");
    }

    /// <returns>What rights the message takes; null where it didn't come and that was answered.</returns>
    private async Task<Rights?> TryReceiveAsync(HttpContext context)
    {
        try
        {
            if (await ReceiveAsync(context) is { } needed)
                return needed;

            context.Response.Headers.Connection = "close";
            await Refusal.WriteAsync(context, StatusCodes.Status408RequestTimeout, $"The request did not arrive within {options.BodyTimeout.TotalSeconds} seconds.");
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await Refusal.WriteAsync(context, bad.StatusCode, $"The request is longer than {options.MaxRequestBytes} bytes. Send a shorter one, or raise {Settings.MaxRequestBytes.Name}.");
        }
        return null;
    }

    /// <summary>Reads all of it and takes nothing: whoever reads next finds the message from its start.</summary>
    /// <returns>Null where it did not come in time.</returns>
    private async Task<Rights?> ReceiveAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        using var limit = new CancellationTokenSource(options.BodyTimeout);
        // Not by a token: a read that ends so leaves a reader that Kestrel can't drain, which it logs as an error each time.
        var givingUp = limit.Token.Register(body.CancelPendingRead);

        var read = await body.ReadAsync(CancellationToken.None);
        while (!read.IsCompleted && !read.IsCanceled)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync(CancellationToken.None);
        }

        // What gives up too late would cancel the next one's read.
        await givingUp.DisposeAsync();
        var isHere = !limit.IsCancellationRequested;
        Rights? needed = !isHere ? null : Caller.Of(context.User) is { HasScopes: true } ? MessageRights.Of(read.Buffer) : Rights.None;
        body.AdvanceTo(read.Buffer.Start);
        return needed;
    }
}
