using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Observability;

/// <summary>Healthy where the store answers, with the credentials it was given.</summary>
internal sealed class StoreHealthCheck(IMemoryStore store, TimeProvider clock, ILogger<StoreHealthCheck> logger) : ProbeHealthCheck("The store", clock, logger)
{
    protected override Task ProbeAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);
}
