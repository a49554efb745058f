using System.Runtime.CompilerServices;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Memories.Hosting;
using McpQdrant.Memories.Mapping;
using Microsoft.Extensions.DependencyInjection;

namespace McpQdrant.Memories;

/// <summary>A front door for the program itself: it names the caller, calls one use case, and gives back what came of it.</summary>
internal sealed partial class InProcessMemories : IMemories, IAsyncDisposable, IDisposable
{
    private const int PageSize = 100;

    private readonly MemoryOptions _options;
    private readonly Lazy<ServiceProvider> _services;
    private int _disposed;

    /// <param name="options">What the program chose.</param>
    /// <param name="program">The program's services.</param>
    public InProcessMemories(MemoryOptions options, IServiceProvider program)
    {
        _options = options;
        _services = new Lazy<ServiceProvider>(() => options.Compose(program));
        Clock = program.GetService<TimeProvider>() ?? TimeProvider.System;
    }

    public TimeProvider Clock { get; }

    public Task<StoredMemory> StoreAsync(string text, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RunAsync(options, async (caller, collection) =>
        {
            if (string.IsNullOrWhiteSpace(text))
                throw new MemoriesException("The text is blank. Give the text to keep.");

            var request = new StoreMemoryRequest(collection, text, Shapes.ToElement(options?.Metadata), options?.AllowDuplicate ?? false, Shapes.ToText(options?.ExpiresAt));
            var stored = await Use<StoreMemory>().HandleAsync(caller, request, cancellationToken);
            return new StoredMemory { Id = stored.Id.ToString(), Collection = collection.ToString(), IsNew = stored.IsNew, IsDuplicate = stored.Duplicate is not null };
        });
    }

    public Task<IReadOnlyList<FoundMemory>> FindAsync(string? query, FindOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyList<FoundMemory>>(options, async (caller, collection) =>
        {
            var request = new FindMemoriesRequest(collection, string.IsNullOrWhiteSpace(query) ? null : query, Shapes.ToFilter(options?.Filter))
            {
                Metadata = Shapes.ToElement(options?.Metadata),
                Since = Shapes.ToText(options?.Since),
                Until = Shapes.ToText(options?.Until),
                Limit = options?.Limit,
            };
            var found = await Use<FindMemories>().HandleAsync(caller, request, cancellationToken);
            return
            [
                .. found.Hits.Select(hit => new FoundMemory
                {
                    Memory = hit.Memory.ToPublic(hit.Collection),
                    Score = hit.Hit.Score,
                    Similarity = hit.Hit.Similarity,
                    Passage = hit.Hit.Passage?.Text,
                }),
            ];
        });

    public Task<Memory?> GetAsync(string id, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(options, async (caller, collection) =>
        {
            try
            {
                return (await Use<GetMemory>().HandleAsync(caller, new GetMemoryRequest(collection, Shapes.ToId(id)), cancellationToken)).ToPublic(collection);
            }
            catch (NotThereException)
            {
                return null;
            }
        });

    public async IAsyncEnumerable<Memory> ListAsync(ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Core.Ports.ListPosition? after = null;
        do
        {
            var (collection, page) = await RunAsync(options, async (caller, name) => (name, await ReadPageAsync(caller, name, options, after, cancellationToken)));
            foreach (var memory in page?.Memories ?? [])
                yield return memory.ToPublic(collection);
            after = page?.Next;
        }
        while (after is not null);
    }

    public Task<ChangedMemory> UpdateAsync(string id, MemoryUpdate update, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return RunAsync(options, async (caller, collection) =>
        {
            if (update.Text is { } given && string.IsNullOrWhiteSpace(given))
                throw new MemoriesException("The new text is blank. Give the text to keep, or ForgetAsync the memory.");
            if (update is { Text: null, Metadata: null, ReplaceMetadata: false, ExpiresAt: null, NeverExpires: false })
                throw new MemoriesException("Nothing to change: give the update a text, metadata or a time to expire.");

            var expires = update.NeverExpires ? Core.Expiry.ExpiryOptions.Never : Shapes.ToText(update.ExpiresAt);
            var request = new UpdateMemoryRequest(collection, Shapes.ToId(id), update.Text, Shapes.ToElement(update.Metadata), update.ReplaceMetadata, expires);
            var updated = await Use<UpdateMemory>().HandleAsync(caller, request, cancellationToken);
            return new ChangedMemory { Memory = updated.Memory.ToPublic(collection), Change = updated.Change?.ToString() };
        });
    }

    public Task<ForgottenMemories> ForgetAsync(IReadOnlyList<string> ids, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return RunAsync(options, async (caller, collection) =>
        {
            var forgotten = await Use<ForgetMemories>().HandleAsync(caller, new ForgetMemoriesRequest(collection, [.. ids.Select(Shapes.ToId)]), cancellationToken);
            return new ForgottenMemories { Count = forgotten.Deleted, Change = forgotten.Change?.ToString() };
        });
    }

    public Task<IReadOnlyList<MemoryChange>> HistoryAsync(HistoryOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyList<MemoryChange>>(options, async (caller, collection) =>
        {
            options ??= new HistoryOptions();
            if (options.Limit < 1)
                throw new MemoriesException($"The limit is {options.Limit}. Give a number from 1 on.");
            var request = new ReadHistoryRequest(collection, options.Limit)
            {
                Memory = options.MemoryId is { } id ? Shapes.ToId(id) : null,
                By = options.By,
                Since = Shapes.ToText(options.Since),
            };
            try
            {
                return [.. (await Use<ReadHistory>().HandleAsync(caller, request, cancellationToken)).Select(change => change.ToPublic(collection))];
            }
            catch (NotThereException)
            {
                return [];
            }
        });

    public Task<UndoneChange> UndoAsync(string change, UndoOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(options, async (caller, collection) =>
        {
            var request = new UndoCollectionChangesRequest(collection, [Shapes.ToChangeId(change)], options?.IsPreview ?? false);
            var undone = await Use<UndoCollectionChanges>().HandleAsync(caller, request, cancellationToken);
            return new UndoneChange
            {
                Change = undone.UndoneBy?.ToString(),
                Memories = [.. undone.Memories.Select(memory => new UndoneMemory { Id = memory.Id.ToString(), Outcome = OutcomeOf(memory) })],
            };
        });

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0 && _services.IsValueCreated)
            _services.Value.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0 && _services.IsValueCreated)
            await _services.Value.DisposeAsync();
    }

    private static UndoOutcome OutcomeOf(Core.History.UndoneMemory memory) => memory.Outcome switch
    {
        Core.History.UndoOutcome.Undone => UndoOutcome.Undone,
        Core.History.UndoOutcome.AlreadyAsBefore => UndoOutcome.AlreadyAsBefore,
        // One change is undone at a time, so none can be undone in part.
        _ => UndoOutcome.ChangedSince,
    };

    /// <returns>Null where there is no such collection.</returns>
    private async Task<ListMemoriesResult?> ReadPageAsync(Caller caller, CollectionName collection, ListOptions? options, Core.Ports.ListPosition? after, CancellationToken cancellationToken)
    {
        var request = new ListMemoriesRequest(collection, PageSize, Shapes.ToFilter(options?.Filter))
        {
            Metadata = Shapes.ToElement(options?.Metadata),
            Since = Shapes.ToText(options?.Since),
            Until = Shapes.ToText(options?.Until),
            After = after,
        };
        try
        {
            var listed = await Use<ListMemories>().HandleAsync(caller, request, cancellationToken);
            return listed.Collection.Problem is { } problem ? throw new MemoriesException(problem) : listed;
        }
        catch (NotThereException)
        {
            return null;
        }
    }

    private T Use<T>() where T : notnull => _services.Value.GetRequiredService<T>();

    private Task<T> RunAsync<T>(CallOptions? options, Func<Caller, CollectionName, Task<T>> call)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, typeof(IMemories));
        return Failures.TranslateAsync(() => call(
            options?.Caller is { } caller ? Callers.Of(caller) : _options.Caller,
            options?.Collection is { } name ? CollectionName.Parse(name) : _options.Collection));
    }
}
