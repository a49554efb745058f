using System.Diagnostics;
using McpQdrant.Core.Ports;
using Microsoft.Extensions.Hosting;

namespace McpQdrant.Embeddings;

/// <summary>Loads the model in the background when the process starts, so that the first question needn't wait for it and nothing else does; or only looks for it.</summary>
/// <remarks>A model that isn't there or can't be loaded ends the host: without it nothing could be stored or found by meaning, and a restart is what mends it.</remarks>
internal sealed partial class EmbeddingPreloader(EmbeddingOptions options, ITextEmbedder embedder, TimeProvider clock, ILogger<EmbeddingPreloader> logger) : BackgroundService
{
    /// <summary>A client's first messages are answered meanwhile; loading keeps a core busy that they had better have.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(400);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(HeadStart, clock, stoppingToken);
        var started = Stopwatch.GetTimestamp();
        // The first text costs more than the others, so it had better not be a caller's.
        if (options.LoadsAtStart)
            await embedder.EmbedQueryAsync("Are you ready?", stoppingToken);
        var identity = await embedder.IdentifyAsync(stoppingToken);
        if (options.LoadsAtStart)
            Loaded(identity.Model, identity.Dimensions, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    [LoggerMessage(LogLevel.Information, "Embedding model {Model} ({Dimensions} dimensions) is ready after {Milliseconds:F0} ms")]
    private partial void Loaded(string model, int dimensions, double milliseconds);
}
