using System.Net.ServerSentEvents;
using System.Text;
using McpQdrant.Server.Mcp;

namespace McpQdrant.Server.Http;

/// <summary>What the SDK answered, kept back: it knows event streams only, and one message a request.</summary>
internal sealed record CapturedResponse(int Status, string? ContentType, byte[] Body)
{
    private const string EventStream = "text/event-stream";

    public static async Task<CapturedResponse> TakeAsync(HttpContext context, Func<Task> serve)
    {
        var original = context.Response.Body;
        using var body = new MemoryStream();
        context.Response.Body = body;
        try
        {
            await serve();
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            return new CapturedResponse(context.Response.StatusCode, context.Response.ContentType, body.ToArray());
        }
        finally
        {
            context.Response.Body = original;
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.ContentType = null;
            context.Response.ContentLength = null;
        }
    }

    /// <summary>As it was.</summary>
    public Task WriteAsync(HttpContext context) => WriteAsync(context, Status, ContentType, Body);

    /// <summary>The answer as JSON, with its status.</summary>
    public static Task WriteJsonAsync(HttpContext context, CapturedResponse captured)
    {
        var body = captured.Answers() is [var answer] ? Encoding.UTF8.GetBytes(answer) : captured.Body;
        return WriteAsync(context, captured.Status, body.Length == 0 ? null : "application/json", body);
    }

    /// <summary>The answers to a batch; to one that holds no requests an empty one.</summary>
    public static Task WriteBatchAsync(HttpContext context, IReadOnlyList<string> answers, AnswerForm form)
    {
        if (answers.Count == 0)
            return WriteAsync(context, StatusCodes.Status202Accepted, contentType: null, []);

        return form == AnswerForm.Json
            ? WriteAsync(context, StatusCodes.Status200OK, "application/json", Encoding.UTF8.GetBytes($"[{string.Join(',', answers)}]"))
            : WriteAsync(context, StatusCodes.Status200OK, EventStream, Encoding.UTF8.GetBytes(string.Concat(answers.Select(answer => $"event: message\ndata: {answer}\n\n"))));
    }

    /// <summary>The messages that answer: without what was told of progress.</summary>
    public IReadOnlyList<string> Answers()
    {
        if (ContentType?.StartsWith(EventStream, StringComparison.OrdinalIgnoreCase) != true)
            return Body is [(byte)'{', ..] ? [Encoding.UTF8.GetString(Body)] : [];

        using var events = new MemoryStream(Body);
        return [.. SseParser.Create(events).Enumerate().Select(item => item.Data).Where(IsAnswer)];
    }

    private static bool IsAnswer(string message) => MessageText.Read(Encoding.UTF8.GetBytes(message)).Kind == MessageKind.Response;

    private static async Task WriteAsync(HttpContext context, int status, string? contentType, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        // The body of a message becomes shorter on its way: see JsonEscapes.
        if (body.Length == 0)
            context.Response.ContentLength = 0;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
