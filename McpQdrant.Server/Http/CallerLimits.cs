using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using McpQdrant.Core.Access;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Http;

/// <summary>How much one caller may ask of the server: each by its name, and those without one by their address.</summary>
internal static class CallerLimits
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>A minute moves on by a sixth at a time, which is how long a refused caller is told to wait.</summary>
    private const int Segments = 6;

    public static IServiceCollection AddCallerLimits(this IServiceCollection services, HttpOptions options) => services.AddRateLimiter(limits =>
    {
        limits.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, (string, int)>(context => Rate(context, options)),
            PartitionedRateLimiter.Create<HttpContext, string>(context => Concurrency(context, options.ConcurrentRequests)));
        limits.OnRejected = (rejected, _) => RefuseAsync(rejected.HttpContext);
    });

    private static RateLimitPartition<(string, int)> Rate(HttpContext context, HttpOptions options)
    {
        var ofAll = Caller.Of(context.User)?.RequestsPerMinute ?? options.RequestsPerMinute;
        var limit = (ofAll + options.Replicas - 1) / options.Replicas;
        return limit == 0 || EndpointKind.Of(context) is null
            ? RateLimitPartition.GetNoLimiter(("", 0))
            : RateLimitPartition.GetSlidingWindowLimiter((Who(context), limit), key => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = key.Item2,
                Window = Window,
                SegmentsPerWindow = Segments,
            });
    }

    /// <remarks>Streams stay open as long as their clients like, so calls don't wait for them: they have places of their own.</remarks>
    private static RateLimitPartition<string> Concurrency(HttpContext context, int concurrentRequests)
    {
        if (EndpointKind.Of(context) is null)
            return RateLimitPartition.GetNoLimiter("");

        return IsStream(context.Request)
            ? RateLimitPartition.GetConcurrencyLimiter($"streams of {Who(context)}", _ => new ConcurrencyLimiterOptions { PermitLimit = concurrentRequests, QueueLimit = 0 })
            : RateLimitPartition.GetConcurrencyLimiter(Who(context), _ => new ConcurrencyLimiterOptions { PermitLimit = concurrentRequests, QueueLimit = concurrentRequests });
    }

    /// <summary>Since 2026-07-28 a stream is posted, and named in a header.</summary>
    private static bool IsStream(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) && EndpointKind.Of(request.HttpContext) != EndpointKind.Rest) || request.Headers["Mcp-Method"] == RequestMethods.SubscriptionsListen;

    private static string Who(HttpContext context) =>
        Caller.Of(context.User) is { } caller && caller != Caller.Anonymous ? $"caller {caller.Name}" : $"address {Network(context.Connection.RemoteIpAddress)}";

    /// <summary>Of an IPv6 address the first half: the other is the network's own to choose, so one machine has 2^64 of them.</summary>
    private static string Network(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };

    private static async ValueTask RefuseAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<AuditLog>().Refused(
            Caller.Of(context.User)?.Name ?? HttpErrorResponse.AddressOf(context), context.Request.Path.Value ?? "", collection: null, "too many requests");
        var wait = (int)Window.TotalSeconds / Segments;
        context.Response.Headers.RetryAfter = $"{wait}";
        await HttpErrorResponse.WriteAsync(context, StatusCodes.Status429TooManyRequests, $"Too many requests. Try again in {wait} seconds.");
    }
}
