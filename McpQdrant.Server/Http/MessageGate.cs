using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Mcp;
using McpQdrant.Server.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Http;

/// <summary>Looks at each message that is posted before the SDK does: what the SDK then reads is what was checked here.</summary>
/// <remarks>Where a client means only one thing, and says it in a way that the SDK refuses, the message is put as the SDK takes it.</remarks>
internal sealed class MessageGate(HttpOptions options, AccessPolicy policy, AuditLog audit)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";

    /// <summary>The only version that has no <c>initialize</c>, which is to be told so.</summary>
    private const string VersionWithoutInitialize = "2026-07-28";

    /// <summary>A batch counts as one request to the limits of a caller.</summary>
    private const int MaxBatch = 50;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !EndpointKind.TakesMessages(context))
        {
            await next(context);
            return;
        }

        var body = await RequestBody.TakeAsync(context);
        var message = MessageText.Read(body);
        if (message.Problem is { } problem)
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status400BadRequest, problem, message.RawId, (int)message.ProblemCode);
        else if (AnswerForms.Of(context.Request) is not { } form)
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status406NotAcceptable, "The answer comes as application/json or text/event-stream. Accept one of them, or both.", message.RawId);
        else if (message.Kind == MessageKind.Batch)
            await ServeBatchAsync(context, body, form, next);
        else if (await MayAsync(context, MessageRights.Of(message), message.RawId))
            await ServeAsync(context, message, body, form, next);
    }

    private async Task ServeAsync(HttpContext context, MessageText message, ReadOnlyMemory<byte> body, AnswerForm form, RequestDelegate next)
    {
        Prepare(context, message, body);
        if (message.Kind == MessageKind.Response && !options.LegacySse)
            context.Response.StatusCode = StatusCodes.Status202Accepted;   // to nothing: without a session this server sends no requests
        else if (form == AnswerForm.EventStream)
            await PassOnAsync(context, message, next);
        else
            await CapturedResponse.WriteJsonAsync(context, await CapturedResponse.TakeAsync(context, () => PassOnAsync(context, message, next)));
    }

    private async Task ServeBatchAsync(HttpContext context, ReadOnlyMemory<byte> body, AnswerForm form, RequestDelegate next)
    {
        var messages = MessageText.Split(body).Select(part => (Body: part, Message: MessageText.Read(part))).ToArray();
        if (messages.Length is 0 or > MaxBatch)
        {
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status400BadRequest, $"A batch must have 1 to {MaxBatch} messages.", code: (int)McpErrorCode.InvalidRequest);
            return;
        }
        if (!await MayAsync(context, messages.Aggregate(Rights.None, (needed, part) => needed | MessageRights.Of(part.Message)), id: null))
            return;

        var answers = new List<string>();
        foreach (var (part, message) in messages)
        {
            if (message.Problem is not null || message.Kind == MessageKind.Batch)
                answers.Add(Encoding.UTF8.GetString(ErrorMessage.Of(message.RawId, (int)McpErrorCode.InvalidRequest, message.Problem ?? "A batch can't hold another one.")));
            else
                answers.AddRange((await CapturedResponse.TakeAsync(context, () => ServeAsync(context, message, part, AnswerForm.EventStream, next))).Answers());
        }
        await CapturedResponse.WriteBatchAsync(context, answers, form);
    }

    private static async Task PassOnAsync(HttpContext context, MessageText message, RequestDelegate next)
    {
        try
        {
            if (context.Request.Path.StartsWithSegments(HttpServer.LegacyMessagePath))
                await PostToSessionAsync(context, message, next);
            else
                await next(context);
        }
        catch (JsonException failure) when (!context.Response.HasStarted)
        {
            // The SDK reads some params before its own handling of errors begins.
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status400BadRequest, InvalidParams.Sentence(message.Method!, failure), message.RawId, (int)McpErrorCode.InvalidParams);
        }
    }

    /// <summary>To a session of the older transport. Where there is none, the SDK says 400, or can't say it in a native program.</summary>
    private static async Task PostToSessionAsync(HttpContext context, MessageText message, RequestDelegate next)
    {
        CapturedResponse? captured = null;
        try
        {
            captured = await CapturedResponse.TakeAsync(context, () => next(context));
        }
        catch (NotSupportedException)
        {
        }

        if (captured is null or { Status: StatusCodes.Status400BadRequest })
            await HttpErrorResponse.WriteAsync(context, StatusCodes.Status404NotFound, $"There is no such session. Open one with GET {HttpServer.LegacyPath}.", message.RawId);
        else
            await captured.WriteAsync(context);
    }

    /// <summary>Puts the request as the SDK takes it.</summary>
    private void Prepare(HttpContext context, MessageText message, ReadOnlyMemory<byte> body)
    {
        var request = context.Request;
        // The endpoint takes JSON alone, which is UTF-8 whatever charset is named (RFC 8259, section 8.1).
        request.ContentType = "application/json";
        request.Headers.Accept = "application/json, text/event-stream";
        // A client may still hold the session that a server of before gave it. Without sessions it needs none.
        if (!options.LegacySse)
            request.Headers.Remove(SessionHeader);

        var opens = message is { Kind: MessageKind.Request, Method: RequestMethods.Initialize } && request.Headers[VersionHeader] != VersionWithoutInitialize;
        // The version is agreed on by the message. What the header says of one that isn't known here would be refused before.
        if (opens)
            request.Headers.Remove(VersionHeader);
        request.Body = Stream(opens ? InitializeMessage.Complete(body) : body);
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> body) => MemoryMarshal.TryGetArray(body, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(body.ToArray(), writable: false);

    private async Task<bool> MayAsync(HttpContext context, Rights needed, byte[]? id)
    {
        var caller = policy.CallerOf(context.User);
        if (!caller.HasScopes || (needed & ~caller.Rights) is Rights.None)
            return true;

        audit.Refused(caller.Name, context.Request.Path.Value ?? "", collection: null, $"needs {Scopes.Of(needed)}");
        context.Response.Headers.WWWAuthenticate = Challenge.InsufficientScope(context, needed);
        await HttpErrorResponse.WriteAsync(context, StatusCodes.Status403Forbidden, $"The token has not all scopes that this takes: {Scopes.Of(needed)}.", id);
        return false;
    }
}
