using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Qdrant;

/// <summary>A server that speaks the part of Qdrant's REST API that the store uses, as the recordings have it.</summary>
/// <remarks>
/// Left out, and answered with 501: collections of multivectors or other numbers than float32, payload operations but one, orders by numbers, samples,
/// groups, facets, strict mode. It looks at every point, so it is exact; equal scores come by id.
/// </remarks>
internal sealed class QdrantStandIn : IAsyncDisposable
{
    private const int MaxBody = 32 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly StandInJournal? _journal;

    private QdrantStandIn(WebApplication app, StandInJournal? journal) => (_app, _journal) = (app, journal);

    /// <summary>Where it listens, with a slash at the end.</summary>
    public Uri Url => new($"{_app.Urls.First()}/");

    /// <summary>Runs one until the process is asked to end.</summary>
    /// <param name="urls">Where to listen, for instance <c>http://127.0.0.1:6333</c>.</param>
    /// <param name="storagePath">A file that keeps what is written, flushed before it is answered; null to forget it at the end.</param>
    /// <param name="key">The key that requests must have; null for none.</param>
    public static async Task RunAsync(string urls, string? storagePath, string? key, CancellationToken cancellationToken)
    {
        var keys = new Dictionary<string, StandInAccess>();
        if (key is not null)
            keys.Add(key, StandInAccess.Everything);
        await using var server = await StartAsync(new QdrantStandInOptions { Urls = urls, StoragePath = storagePath, Keys = keys }, cancellationToken);
        await server._app.WaitForShutdownAsync(cancellationToken);
    }

    public static async Task<QdrantStandIn> StartAsync(QdrantStandInOptions options, CancellationToken cancellationToken)
    {
        var journal = options.StoragePath is { } path ? new StandInJournal(path) : null;
        var api = options.Shared ?? new StandInApi(options.Keys);
        if (journal is not null)
        {
            api.Restore(journal.ReadAll());
            api.Written = journal.Append;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Urls).ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(5);
            kestrel.AddServerHeader = false;
            if (options.Certificate is { } certificate)
                kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate));
        });
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, api, options));
        await app.StartAsync(cancellationToken);
        return new QdrantStandIn(app, journal);
    }

    /// <summary>Ends it as a kill does: connections break, whatever is open.</summary>
    public async Task KillAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _journal?.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context, StandInApi api, QdrantStandInOptions options)
    {
        if (options.Before is { } before && await before(context))
            return;

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (options.PathPrefix.Length > 0)
        {
            if (!target.StartsWith($"{options.PathPrefix}/", StringComparison.Ordinal))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            target = target[options.PathPrefix.Length..];
        }

        var answer = await AskAsync(context, api, target);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        if (answer.Body is { } body)
            await context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static async Task<StandInAnswer> AskAsync(HttpContext context, StandInApi api, string target)
    {
        if (context.Request.ContentLength is > MaxBody and var length && !target.Contains("/snapshots/upload", StringComparison.Ordinal))
        {
            context.Response.Headers.Connection = "close";
            return StandInAnswer.Json(400, new JsonObject
            {
                ["status"] = new JsonObject { ["error"] = $"JSON payload ({length} bytes) is larger than allowed (limit: {MaxBody} bytes)." },
                ["time"] = 0,
            });
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var key = (string?)context.Request.Headers["api-key"]
            ?? (context.Request.Headers.Authorization is [{ } bearer] && bearer.StartsWith("Bearer ", StringComparison.Ordinal) ? bearer[7..] : null);
        return api.Answer(context.Request.Method, target, body.ToArray(), key);
    }
}
