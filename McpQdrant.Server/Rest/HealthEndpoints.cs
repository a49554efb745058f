using McpQdrant.Core.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpQdrant.Server.Rest;

/// <summary>Whether the store and the model work, for people; platforms ask <c>/health</c>.</summary>
internal sealed class HealthEndpoints(AccessPolicy policy, HealthCheckService health)
{
    public void Map(RouteGroupBuilder group) => group.MapGet("/health", (Delegate)CheckAsync).WithName("health").WithSummary("Whether the store and the model work");

    private async Task<Ok<HealthAnswer>> CheckAsync(HttpContext context)
    {
        // Reasons name hosts and providers; they are not for whoever comes along, see /health.
        var mayKnow = policy.CallerOf(context.User) != Caller.Anonymous;
        var report = await health.CheckHealthAsync(context.RequestAborted);
        return TypedResults.Ok(new HealthAnswer
        {
            Status = Word(report.Status),
            Checks = [.. report.Entries.Select(entry => new HealthCheckAnswer { Name = entry.Key, Status = Word(entry.Value.Status), Reason = mayKnow ? entry.Value.Description : null })],
        });
    }

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();
}

internal sealed record HealthAnswer
{
    /// <summary>healthy, degraded or unhealthy.</summary>
    public required string Status { get; init; }

    public required IReadOnlyList<HealthCheckAnswer> Checks { get; init; }
}

internal sealed record HealthCheckAnswer
{
    public required string Name { get; init; }

    public required string Status { get; init; }

    /// <summary>What is wrong, for callers with a name.</summary>
    public string? Reason { get; init; }
}
