using System.IO.Pipelines;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Mcp;
using McpQdrant.Server.Mcp.Http;

namespace McpQdrant.Server.Http;

/// <summary>Waits until a message is here as a whole, within a time, and looks whether it can be served and its caller's scopes are enough for it.</summary>
internal sealed class RequestBody(HttpOptions options, AccessPolicy policy, AuditLog audit)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !McpEndpoint.IsOne(context))
            await next(context);
        else if (await ReceiveAsync(context))
            await ServeAsync(context, next);
    }

    private async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        var caller = policy.CallerOf(context.User);
        var (refusal, needed) = Look(context, caller);
        if (refusal is not null)
        {
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status400BadRequest, refusal);
            return;
        }
        if (caller.HasScopes && (needed & ~caller.Rights) is not Rights.None)
        {
            audit.Refused(caller.Name, context.Request.Path.Value ?? "", collection: null, $"needs {Scopes.Of(needed)}");
            context.Response.Headers.WWWAuthenticate = Challenge.InsufficientScope(context, needed);
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status403Forbidden, $"The token has not all scopes that this takes: {Scopes.Of(needed)}.");
            return;
        }

        try
        {
            await next(context);
        }
        catch (JsonException) when (!context.Response.HasStarted)
        {
            // The SDK reads some params before its own handling of errors begins.
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status400BadRequest, "The params of the message are not what they must be.");
        }
    }

    /// <summary>Looks at the whole message and takes nothing: whoever reads next finds it from its start.</summary>
    private static (string? Refusal, Rights Needed) Look(HttpContext context, Caller caller)
    {
        var body = context.Request.BodyReader;
        if (!body.TryRead(out var read))
            throw new InvalidOperationException("The message was received and is not here.");

        var refusal = MessageText.Refusal(read.Buffer);
        var needed = caller.HasScopes ? MessageRights.Of(read.Buffer) : Rights.None;
        body.AdvanceTo(read.Buffer.Start);
        return (refusal, needed);
    }

    /// <returns>False where it didn't come, and that was answered.</returns>
    private async Task<bool> ReceiveAsync(HttpContext context)
    {
        try
        {
            if (await ReadToEndAsync(context.Request.BodyReader))
                return true;

            context.Response.Headers.Connection = "close";
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status408RequestTimeout, $"The request did not arrive within {options.BodyTimeout.TotalSeconds} seconds.");
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await HttpErrorResponse.WriteAsync(context, bad.StatusCode, $"The request is longer than {options.MaxRequestBytes} bytes. Send a shorter one, or raise {Settings.MaxRequestBytes.Name}.");
        }
        return false;
    }

    /// <returns>False where it did not come in time.</returns>
    private async Task<bool> ReadToEndAsync(PipeReader body)
    {
        using var limit = new CancellationTokenSource(options.BodyTimeout);
        // Not by a token: a read that ends so leaves a reader that Kestrel can't drain, which it logs as an error each time.
        var givingUp = limit.Token.Register(body.CancelPendingRead);

        var read = await body.ReadAsync(CancellationToken.None);
        while (!read.IsCompleted && !read.IsCanceled)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync(CancellationToken.None);
        }
        body.AdvanceTo(read.Buffer.Start);

        // What gives up too late would cancel the next one's read.
        await givingUp.DisposeAsync();
        return !limit.IsCancellationRequested;
    }
}
