using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpQdrant.Memories.Mcp;

/// <summary>Healthy where the server answers, and lets this caller in.</summary>
internal sealed class ServerHealthCheck(McpMemories memories) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await memories.PingAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (MemoriesException failure)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Message, failure);
        }
    }
}
