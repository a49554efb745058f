using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Observability;

/// <summary>Healthy where the embedding model is loaded, or its provider has answered once.</summary>
internal sealed class EmbedderHealthCheck(ITextEmbedder embedder, TimeProvider clock, ILogger<EmbedderHealthCheck> logger)
    : ProbeHealthCheck("The embedding model", clock, logger)
{
    protected override Task ProbeAsync(CancellationToken cancellationToken) => embedder.IdentifyAsync(cancellationToken).AsTask();
}
