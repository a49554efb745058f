using System.Buffers;
using System.Text.Json;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Secrets;

namespace McpQdrant.Core.Transfer;

/// <summary>Reads what is imported, checks it, and hands it on in batches, of which several are under way at once.</summary>
/// <remarks>While one batch is written another is embedded, so that no core waits for the disk. Only the batches under way are in memory.</remarks>
internal sealed class ImportRun(ImportMemoriesRequest request, ImportBatches batches, MemoryScope scope, SecretFilter secrets, TimeProvider clock) : IDisposable
{
    private const int BatchSize = 64;
    private const int BatchCharacters = 256 * 1024;
    private const int MaxUnderWay = 3;

    private readonly CancellationTokenSource _failed = new();
    private readonly List<ImportItem> _batch = [];
    private readonly List<(Task Task, HashSet<(CollectionName, MemoryId)> Ids)> _underWay = [];
    private readonly HashSet<CollectionName> _collections = [];
    private MemoryFileHeader? _header;
    private CollectionName? _target = request.Collection ?? request.DefaultCollection;
    private int _characters;
    private long _read;
    private long _announced;

    public void Dispose() => _failed.Dispose();

    public async Task<ImportMemoriesResult> RunAsync(CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _failed.Token);
        try
        {
            await foreach (var entry in request.Entries.WithCancellation(cancellationToken))
                await TakeAsync(entry, stopping.Token);
            await StartBatchAsync(stopping.Token);
            await FinishAsync(allowed: 0);
        }
        catch
        {
            await _failed.CancelAsync();
            await Task.WhenAll(_underWay.Select(batch => batch.Task)).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }

        request.Progress.Report(new BackfillProgress(_read, _read));
        return batches.Result([.. _collections], Math.Max(0, _announced - _read));
    }

    private async Task TakeAsync(ImportEntry entry, CancellationToken cancellationToken)
    {
        switch (entry)
        {
            case ImportEntry.Header { File: var file }:
                _header = file;
                _announced += file.Memories;
                _target = request.Collection ?? file.Collection;
                break;
            case ImportEntry.Unreadable unreadable:
                _read++;
                batches.Skip(unreadable);
                break;
            case ImportEntry.Item item:
                _read++;
                await AddAsync(item, cancellationToken);
                break;
        }
        if (_read % BatchSize == 0)
            request.Progress.Report(new BackfillProgress(_read, Math.Max(_announced, _announced == 0 ? 0 : _read)));
    }

    private async Task AddAsync(ImportEntry.Item entry, CancellationToken cancellationToken)
    {
        if (_target is not { } target)
            throw new MemoryException("The file doesn't say which collection it belongs to. Name one with --collection.");

        StoredMemory stored;
        try
        {
            var metadata = Prefixed(entry.Memory.Metadata);
            MemoryLimits.Check(entry.Memory.Text, metadata);
            var kept = entry.Memory with { Text = secrets.Apply(entry.Memory.Text), Others = secrets.Apply(entry.Memory.Others) };
            // A vector would still stand for the text with its secret.
            var vector = kept.Vector is { } known && kept.Text == entry.Memory.Text ? new SemanticVector.Embedded(known) : null;
            stored = new StoredMemory(kept.ToMemory(scope.Complete(secrets.Apply(metadata))), vector) { Others = kept.Others };
        }
        catch (MemoryException unfit)
        {
            batches.Skip(new ImportEntry.Unreadable(entry.Place, unfit.Message));
            return;
        }

        if (stored.Memory.ExpiresAt <= clock.GetUtcNow())
        {
            batches.LeaveOutExpired();
            return;
        }

        // What has one id is stored in its order: the later line meets what the earlier one stored.
        var key = (target, stored.Memory.Id);
        if (_batch.Exists(item => (item.Target, item.Stored.Memory.Id) == key))
            await StartBatchAsync(cancellationToken);
        if (_underWay.Exists(batch => batch.Ids.Contains(key)))
            await FinishAsync(allowed: 0);

        _collections.Add(target);
        _batch.Add(new ImportItem(entry.Place, target, stored, _header));
        _characters += stored.Memory.Text.Length;
        if (_batch.Count == BatchSize || _characters > BatchCharacters)
            await StartBatchAsync(cancellationToken);
    }

    private async Task StartBatchAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
            return;

        await FinishAsync(allowed: MaxUnderWay - 1);
        ImportItem[] items = [.. _batch];
        _underWay.Add((Task.Run(() => batches.StoreAsync(items, cancellationToken), cancellationToken), [.. items.Select(item => (item.Target, item.Stored.Memory.Id))]));
        _batch.Clear();
        _characters = 0;
    }

    /// <summary>Waits until so many batches at most are under way.</summary>
    private async Task FinishAsync(int allowed)
    {
        while (_underWay.Count > allowed)
        {
            var done = await Task.WhenAny(_underWay.Select(batch => batch.Task));
            await done;
            _underWay.RemoveAll(batch => batch.Task == done);
        }
    }

    private JsonElement? Prefixed(JsonElement? metadata)
    {
        if (request.MetadataPrefix is not { Length: > 0 } prefix || metadata is not { } fields)
            return metadata;

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, MemoryLines.WriterOptions))
        {
            json.WriteStartObject();
            foreach (var field in fields.EnumerateObject())
            {
                json.WritePropertyName(prefix + field.Name);
                field.Value.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan, new JsonDocumentOptions { MaxDepth = 1024 });
    }
}

/// <summary>A memory on its way into a collection.</summary>
/// <param name="Place">Where it stood in what is imported.</param>
/// <param name="Header">Says which model made its vector; null where nothing does.</param>
internal sealed record ImportItem(string Place, CollectionName Target, StoredMemory Stored, MemoryFileHeader? Header)
{
    public bool HasVectorOf(EmbeddingIdentity model) =>
        Stored.Vector is SemanticVector.Embedded vector && vector.Values.Length == model.Dimensions && Header is not null
        && (Header.Model is { } maker ? maker.IsSameAs(model) : Header.Vector?.Name == model.VectorName);
}
