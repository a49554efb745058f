using System.Buffers;
using System.IO.Pipelines;
using McpQdrant.Core.Json;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Http;

/// <summary>Waits until a message is here as a whole, within a time.</summary>
internal sealed class RequestBody(HttpOptions options)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!EndpointKind.TakesBody(context) || await ReceiveAsync(context))
            await next(context);
    }

    /// <summary>The whole body, without a byte-order mark, which came before.</summary>
    public static async Task<ReadOnlyMemory<byte>> TakeAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        if (!read.IsCompleted)
            throw new InvalidOperationException("The body was received and is not here.");

        var body = read.Buffer.ToArray();
        reader.AdvanceTo(read.Buffer.End);
        return ByteOrderMark.Skip(body);
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
