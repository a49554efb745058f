using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Http;
using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Rest;

/// <summary>The one place where failures become answers of the REST API: a status and problem details, never a stack.</summary>
internal sealed partial class RestErrors(AccessPolicy policy, ILogger<RestErrors> logger)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // What is stored is nobody's but the caller's, and is data whatever it looks like.
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        context.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
        catch (Exception failure) when (context.Response.HasStarted)
        {
            Broken(context.Request.Path, failure);
            // So that the client sees that it has not all.
            context.Abort();
        }
        catch (Exception failure)
        {
            await AnswerAsync(context, failure);
        }
    }

    private Task AnswerAsync(HttpContext context, Exception failure)
    {
        var (status, sentence) = StatusOf(failure);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        context.Response.Headers.ETag = default;
        context.Response.Headers.ContentDisposition = default;
        switch (failure)
        {
            case MemoryException { IsOutage: true }:
                Hindered(route, sentence);
                context.Response.Headers.RetryAfter = "5";
                break;
            case AccessDeniedException { Needed: not Rights.None and var needed } when policy.CallerOf(context.User).HasScopes:
                context.Response.Headers.WWWAuthenticate = Challenge.InsufficientScope(context, needed);
                break;
            default:
                if (status == StatusCodes.Status500InternalServerError)
                    Failed(route, failure);
                else
                    Refused(route, sentence);
                break;
        }
        return Problem.WriteAsync(context, status, sentence, (failure as RestException)?.Memory);
    }

    /// <summary>What is told of a failure.</summary>
    public static (int Status, string Sentence) StatusOf(Exception failure) => failure switch
    {
        RestException refused => (refused.Status, refused.Message),
        NotThereException => (StatusCodes.Status404NotFound, failure.Message),
        AccessDeniedException or OutOfScopeException => (StatusCodes.Status403Forbidden, failure.Message),
        RevisionConflictException => (StatusCodes.Status412PreconditionFailed, failure.Message),
        MemoryException { IsOutage: true } => (StatusCodes.Status503ServiceUnavailable, failure.Message),
        MemoryException => (StatusCodes.Status400BadRequest, failure.Message),
        FilterException => (StatusCodes.Status400BadRequest, $"The filter is not valid: {failure.Message}"),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, $"The request is longer than {Settings.MaxRequestBytes.Name} allows. Send a shorter one, or raise it."),
        BadHttpRequestException bad => (bad.StatusCode, "The request can't be read as HTTP, or was cut off. Send it again."),
        _ => (StatusCodes.Status500InternalServerError, "This request failed by a fault of the server; its log says more. Try again, and report it if it stays."),
    };

    // The reason may quote what the caller sent, so it is for those who look for it.
    [LoggerMessage(LogLevel.Debug, "{Route} was refused: {Reason}")]
    private partial void Refused(string route, string reason);

    [LoggerMessage(LogLevel.Warning, "{Route} could not be done: {Reason}")]
    private partial void Hindered(string route, string reason);

    [LoggerMessage(LogLevel.Error, "{Route} failed")]
    private partial void Failed(string route, Exception failure);

    [LoggerMessage(LogLevel.Error, "The answer of {Path} broke off")]
    private partial void Broken(string path, Exception failure);
}

/// <summary>A request that goes no further at this door; the message is the answer.</summary>
internal sealed class RestException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <inheritdoc cref="Problem.Memory"/>
    public string? Memory { get; init; }
}
