using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace McpQdrant.Server.Http;

/// <summary>What is wrong with a request of the REST API, as RFC 9457 has it.</summary>
internal sealed record Problem
{
    /// <summary>Letters beyond ASCII as they are.</summary>
    private static readonly ProblemJson Json = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public const string ContentType = "application/problem+json";

    /// <summary>The status says what kind of problem it is, as the RFC has it for this value.</summary>
    public required string Type { get; init; }

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>What was wrong, and what to do.</summary>
    public required string Detail { get; init; }

    /// <summary>The memory for whose sake nothing was stored, if that is why.</summary>
    public string? Memory { get; init; }

    /// <param name="detail">What was wrong, and what to do, in sentences.</param>
    public static Problem Of(int status, string detail) => new() { Type = "about:blank", Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail };

    /// <param name="detail">What was wrong, and what to do, in sentences.</param>
    /// <param name="memory"><see cref="Memory"/></param>
    public static async Task WriteAsync(HttpContext context, int status, string detail, string? memory = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Of(status, detail) with { Memory = memory }, Json.Problem);
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        context.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}

[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
