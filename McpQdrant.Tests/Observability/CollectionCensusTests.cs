using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using McpQdrant.Server.Diagnostics;
using McpQdrant.Server.Embeddings;
using McpQdrant.Server.Memories;
using McpQdrant.Server.Observability;
using McpQdrant.Server.Stores.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace McpQdrant.Tests.Observability;

public sealed class CollectionCensusTests
{
    private readonly CollectionName _collection = CollectionName.Parse($"notes-{Guid.NewGuid():N}");
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Memories_are_counted_again_after_a_minute()
    {
        await using var services = Services();
        using var figures = new Figures(_collection.Value);
        var memories = services.GetRequiredService<MemoryService>();
        using var census = ActivatorUtilities.CreateInstance<CollectionCensus>(services, _clock);

        await memories.StoreAsync(_collection, "red apples", metadata: null, force: false, Token);
        await census.StartAsync(Token);
        await figures.WaitForAsync(1);
        await memories.StoreAsync(_collection, "green pears", metadata: null, force: false, Token);
        _clock.Advance(CollectionCensus.Interval);

        await figures.WaitForAsync(2);
        await census.StopAsync(Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ServiceProvider Services() => new ServiceCollection()
        .AddLogging()
        .AddMemories(new SearchOptions(), new CollectionDefaults())
        .AddEmbeddedStore(new EmbeddedStoreOptions { Folder = null })
        .AddEmbeddings(new EmbeddingOptions { ModelPath = Watched.TinyModel })
        .BuildServiceProvider();

    /// <summary>Somebody who watches the gauge.</summary>
    private sealed class Figures : IDisposable
    {
        private readonly ConcurrentQueue<long> _measured = [];
        private readonly MeterListener _listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == Telemetry.Meter && instrument.Name == "mcp_qdrant.collection.memories")
                    listener.EnableMeasurementEvents(instrument);
            },
        };

        public Figures(string collection)
        {
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                if (tags[0].Value is string name && name == collection)
                    _measured.Enqueue(value);
            });
            _listener.Start();
        }

        public async Task WaitForAsync(long expected)
        {
            while (!_measured.Contains(expected))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
                _listener.RecordObservableInstruments();
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
