using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using McpQdrant.Core;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Core.Telemetry;
using McpQdrant.Embeddings;
using McpQdrant.Server.Authentication;
using McpQdrant.Server.Hosting.Observability;
using McpQdrant.Stores.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace McpQdrant.Tests.Server.Observability;

public sealed class CollectionSizeGaugeTests
{
    private readonly CollectionName _collection = CollectionName.Parse($"notes-{Guid.NewGuid():N}");
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Memories_are_counted_again_after_a_minute()
    {
        await using var services = Services();
        using var figures = new Figures(_collection.Value);
        var store = services.GetRequiredService<StoreMemory>();
        using var gauge = ActivatorUtilities.CreateInstance<CollectionSizeGauge>(services, _clock);

        await store.HandleAsync(Caller.Local, new StoreMemoryRequest(_collection, "red apples"), Token);
        await gauge.StartAsync(Token);
        await figures.WaitForAsync(1);
        await store.HandleAsync(Caller.Local, new StoreMemoryRequest(_collection, "green pears"), Token);
        _clock.Advance(CollectionSizeGauge.Interval);

        await figures.WaitForAsync(2);
        await gauge.StopAsync(Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ServiceProvider Services() => new ServiceCollection()
        .AddLogging()
        .AddAccess(new AccessBounds(), Caller.Local)
        .AddMemories(new SearchOptions(), new CollectionDefaults())
        .AddSqliteStore(new SqliteStoreOptions { Folder = null })
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
                if (instrument.Meter == MemoryTelemetry.Meter && instrument.Name == "mcp_qdrant.collection.memories")
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
