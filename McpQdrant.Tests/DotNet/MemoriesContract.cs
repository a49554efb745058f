using System.Text.Json.Nodes;
using McpQdrant.Memories;

namespace McpQdrant.Tests.DotNet;

/// <summary>What <see cref="IMemories"/> does wherever memories are: in this process or at a server.</summary>
public abstract class MemoriesContract : IAsyncLifetime
{
    protected static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    protected IMemories Memories { get; private set; } = null!;

    /// <summary>Whether it can read the log of changes.</summary>
    protected virtual bool ReadsHistory => true;

    /// <summary>Whether it can take whole collections out and in.</summary>
    protected virtual bool Transfers => true;

    /// <summary>Whether it can tell what an undo would do.</summary>
    protected virtual bool PreviewsUndo => true;

    protected abstract Task<IMemories> OpenAsync();

    /// <summary>Ends what was opened, after which no call may succeed.</summary>
    protected abstract ValueTask CloseAsync();

    public async ValueTask InitializeAsync() => Memories = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_stored_is_found_by_meaning_and_read_whole()
    {
        var key = await Memories.StoreAsync("The signing key rotates every 90 days.", new StoreOptions { Metadata = new JsonObject { ["project"] = "atlas", ["year"] = 2026 } });
        await Memories.StoreAsync("Lunch is at noon on the terrace.");

        var found = await Memories.FindAsync("How often is the certificate for signatures changed?");
        var read = await Memories.GetAsync(key.Id);

        Assert.True(key.IsNew);
        Assert.Equal("memories", key.Collection);
        Assert.Equal(key.Id, found[0].Memory.Id);
        Assert.Equal("The signing key rotates every 90 days.", found[0].Memory.Text);
        Assert.Equal("memories", found[0].Memory.Collection);
        Assert.InRange(found[0].Similarity!.Value, 0.1, 1);
        Assert.NotNull(read);
        Assert.Equal(key.Id, read.Id);
        Assert.Equal("The signing key rotates every 90 days.", read.Text);
        Assert.Equal("atlas", read.Metadata?["project"]?.GetValue<string>());
        Assert.Equal(2026, read.Metadata?["year"]?.GetValue<int>());
        Assert.InRange(read.StoredAt!.Value, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Null(read.ChangedAt);
        Assert.Null(read.ExpiresAt);
    }

    [Fact]
    public async Task The_same_text_is_stored_once()
    {
        var first = await Memories.StoreAsync("Ada wrote the first program.");
        var second = await Memories.StoreAsync("Ada wrote the first program.");

        Assert.Equal(first.Id, second.Id);
        Assert.True(first.IsNew);
        Assert.False(second.IsNew);
        Assert.Single(await Memories.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task A_long_text_comes_back_whole()
    {
        var text = string.Join(' ', Enumerable.Range(0, 900).Select(number => $"Sentence {number} is about the harbour.")) + " The lighthouse keeper is called Bo.";
        var stored = await Memories.StoreAsync(text);

        Assert.Equal(text, (await Memories.GetAsync(stored.Id))!.Text);
        Assert.Equal(text, (await Memories.ListAsync().ToListAsync()).Single().Text);
        Assert.Contains("Bo", (await Memories.FindAsync("Who keeps the lighthouse?"))[0].Passage ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_kept_by_its_headings_and_followed_when_it_changes()
    {
        var options = new IngestOptions { Metadata = new JsonObject { ["project"] = "atlas" } };
        await Memories.StoreAsync("No part of it.");

        var first = await Memories.IngestAsync("docs/keys.md", "Of keys.\r\n\r\n# Signing\r\nIt rotates every 90 days.\r\n\r\n## Loss\r\nCall Ada.\r\n", options);
        var again = await Memories.IngestAsync("docs/keys.md", "Of keys.\n\n# Signing\nIt rotates every 90 days.\n\n## Loss\nCall Ada.\n", options);
        var changed = await Memories.IngestAsync("docs/keys.md", "Of keys.\n\n# Signing\nIt rotates every month.\n", options);
        var plain = await Memories.IngestAsync("notes.txt", "# No heading in a text\nOne memory.");

        Assert.Equal((3, 0), (first.Stored, first.Forgotten));
        Assert.Equal((0, 0), (again.Stored, again.Forgotten));
        Assert.Equal(first.Ids, again.Ids);
        Assert.Equal((1, 2), (changed.Stored, changed.Forgotten));
        Assert.Single(plain.Ids);
        var signing = (await Memories.GetAsync(changed.Ids[1]))!;
        Assert.Equal("# keys > Signing\n\nIt rotates every month.", signing.Text);
        Assert.Equal("""{"project":"atlas","path":"docs/keys.md","heading":"Signing"}""", signing.Metadata!.ToJsonString());
        Assert.Equal(2, (await Memories.IngestAsync("docs/keys.md", "", options)).Forgotten);
        Assert.Equal(2, (await Memories.ListAsync().ToListAsync()).Count);
    }

    [Fact]
    public async Task A_find_keeps_to_what_is_asked()
    {
        foreach (var project in (string[])["atlas", "borea", "atlas"])
            await Memories.StoreAsync($"A note on {project}, {Guid.NewGuid()}.", new StoreOptions { Metadata = new JsonObject { ["project"] = project } });

        var atlas = await Memories.FindAsync("note", new FindOptions { Metadata = new JsonObject { ["project"] = "atlas" } });
        var one = await Memories.FindAsync("note", new FindOptions { Limit = 1 });
        var newest = await Memories.FindAsync(null);
        var past = await Memories.FindAsync("note", new FindOptions { Until = DateTimeOffset.UtcNow.AddDays(-1) });
        var today = await Memories.FindAsync("note", new FindOptions { Since = DateTimeOffset.UtcNow.AddDays(-1) });

        Assert.Equal(2, atlas.Count);
        Assert.All(atlas, hit => Assert.Equal("atlas", hit.Memory.Metadata?["project"]?.GetValue<string>()));
        Assert.Single(one);
        Assert.Equal(3, newest.Count);
        Assert.Empty(past);
        Assert.Equal(3, today.Count);
    }

    [Fact]
    public async Task A_filter_of_Qdrants_language_is_applied_in_finds_and_lists()
    {
        foreach (var year in (int[])[2024, 2025, 2026])
            await Memories.StoreAsync($"The report of {year}.", new StoreOptions { Metadata = new JsonObject { ["year"] = year } });
        var filter = new JsonObject { ["must"] = new JsonArray(new JsonObject { ["key"] = "metadata.year", ["range"] = new JsonObject { ["gte"] = 2025 } }) };

        Assert.Equal(2, (await Memories.FindAsync("report", new FindOptions { Filter = filter })).Count);
        Assert.Equal(2, (await Memories.ListAsync(new ListOptions { Filter = filter }).ToListAsync()).Count);
        var wrong = await Assert.ThrowsAsync<MemoriesException>(() => Memories.FindAsync("report", new FindOptions { Filter = new JsonObject { ["mustt"] = new JsonArray() } }));
        Assert.Contains("filter", wrong.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Collections_are_apart_and_one_that_is_not_there_is_empty()
    {
        await Memories.StoreAsync("In the other collection.", new StoreOptions { Collection = "other" });

        Assert.Empty(await Memories.FindAsync("other", new FindOptions { Collection = "nowhere" }));
        Assert.Empty(await Memories.ListAsync(new ListOptions { Collection = "nowhere" }).ToListAsync());
        Assert.Null(await Memories.GetAsync(Guid.NewGuid().ToString(), new CallOptions { Collection = "nowhere" }));
        Assert.Equal("other", (await Memories.FindAsync("other", new FindOptions { Collection = "other" })).Single().Memory.Collection);
    }

    [Fact]
    public async Task A_list_reads_more_than_a_page_newest_first_and_may_be_left_early()
    {
        const int Count = 120;
        for (var number = 0; number < Count; number++)
            await Memories.StoreAsync($"Number {number}.");

        var all = await Memories.ListAsync().ToListAsync();
        var first = await Memories.ListAsync().FirstAsync();

        Assert.Equal(Enumerable.Range(0, Count).Reverse().Select(number => $"Number {number}."), all.Select(memory => memory.Text));
        Assert.Equal($"Number {Count - 1}.", first.Text);
    }

    [Fact]
    public async Task A_memory_is_corrected_under_its_id()
    {
        var stored = await Memories.StoreAsync("The office opens at 9.", new StoreOptions { Metadata = new JsonObject { ["place"] = "Oslo", ["draft"] = true } });
        var expires = DateTimeOffset.UtcNow.AddDays(3);

        var changed = await Memories.UpdateAsync(stored.Id, new MemoryUpdate { Text = "The office opens at 8.", Metadata = new JsonObject { ["draft"] = null }, ExpiresAt = expires });
        var read = await Memories.GetAsync(stored.Id);

        Assert.Equal(stored.Id, changed.Memory.Id);
        Assert.NotNull(changed.Change);
        Assert.Equal("The office opens at 8.", read!.Text);
        Assert.Equal("Oslo", read.Metadata?["place"]?.GetValue<string>());
        Assert.False(read.Metadata!.ContainsKey("draft"));
        Assert.Equal(0, (read.ExpiresAt!.Value - expires).TotalSeconds, 1.0);
        Assert.NotNull(read.ChangedAt);
        await Memories.UpdateAsync(stored.Id, new MemoryUpdate { NeverExpires = true });
        Assert.Null((await Memories.GetAsync(stored.Id))!.ExpiresAt);
    }

    [Fact]
    public async Task What_is_forgotten_is_gone_and_comes_back_by_its_change()
    {
        var stored = await Memories.StoreAsync("A thing to be deleted by mistake.");

        var forgotten = await Memories.ForgetAsync([stored.Id, Guid.NewGuid().ToString()]);
        Assert.Equal(1, forgotten.Count);
        Assert.NotNull(forgotten.Change);
        Assert.Null(await Memories.GetAsync(stored.Id));
        Assert.Equal(0, (await Memories.ForgetAsync([stored.Id])).Count);

        if (PreviewsUndo)
        {
            var preview = await Memories.UndoAsync(forgotten.Change, new UndoOptions { IsPreview = true });
            Assert.Equal(UndoOutcome.Undone, Assert.Single(preview.Memories).Outcome);
            Assert.Null(preview.Change);
        }
        else
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => Memories.UndoAsync(forgotten.Change, new UndoOptions { IsPreview = true }));
        }
        Assert.Null(await Memories.GetAsync(stored.Id));
        var undone = await Memories.UndoAsync(forgotten.Change);

        Assert.Equal((stored.Id, UndoOutcome.Undone), Assert.Single(undone.Memories.Select(memory => (memory.Id, memory.Outcome))));
        Assert.NotNull(undone.Change);
        Assert.Equal("A thing to be deleted by mistake.", (await Memories.GetAsync(stored.Id))!.Text);
        Assert.Equal(UndoOutcome.AlreadyAsBefore, (await Memories.UndoAsync(forgotten.Change)).Memories.Single().Outcome);
    }

    [Fact]
    public async Task A_correction_that_was_corrected_since_is_not_undone()
    {
        var stored = await Memories.StoreAsync("Version one.");
        var second = await Memories.UpdateAsync(stored.Id, new MemoryUpdate { Text = "Version two." });
        await Memories.UpdateAsync(stored.Id, new MemoryUpdate { Text = "Version three." });

        Assert.Equal(UndoOutcome.ChangedSince, (await Memories.UndoAsync(second.Change!)).Memories.Single().Outcome);
        Assert.Equal("Version three.", (await Memories.GetAsync(stored.Id))!.Text);
    }

    [Fact]
    public async Task The_history_tells_what_was_there_before()
    {
        var stored = await Memories.StoreAsync("The door code is on the board.");
        var changed = await Memories.UpdateAsync(stored.Id, new MemoryUpdate { Text = "The door code is in the safe." });
        await Memories.ForgetAsync([stored.Id]);
        if (!ReadsHistory)
        {
            Assert.Contains("history", (await Assert.ThrowsAsync<NotSupportedException>(() => Memories.HistoryAsync())).Message, StringComparison.OrdinalIgnoreCase);
            return;
        }

        var history = await Memories.HistoryAsync(new HistoryOptions { MemoryId = stored.Id });

        Assert.Equal([MemoryChangeKind.Deleted, MemoryChangeKind.Updated], history.Select(change => change.Kind));
        Assert.Equal(["The door code is in the safe.", "The door code is on the board."], history.Select(change => change.Before!.Text));
        Assert.Equal(changed.Change, history[1].Change);
        Assert.Single(await Memories.HistoryAsync(new HistoryOptions { Limit = 1 }));
        Assert.Empty(await Memories.HistoryAsync(new HistoryOptions { Since = DateTimeOffset.UtcNow.AddHours(1) }));
        Assert.Empty(await Memories.HistoryAsync(new HistoryOptions { Collection = "nowhere" }));
    }

    [Fact]
    public async Task What_is_exported_can_be_imported()
    {
        await Memories.StoreAsync("One.", new StoreOptions { Metadata = new JsonObject { ["n"] = 1 } });
        var two = await Memories.StoreAsync("Two.");
        using var file = new MemoryStream();
        if (!Transfers)
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => Memories.ExportAsync(file));
            Assert.Contains("import", (await Assert.ThrowsAsync<NotSupportedException>(() => Memories.ImportAsync(file))).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(2, await Memories.ExportAsync(file));
        file.Position = 0;
        var same = await Memories.ImportAsync(file);
        file.Position = 0;
        var copy = await Memories.ImportAsync(file, new ImportOptions { Collection = "copy" });

        Assert.Equal((0, 2), (same.Stored, same.Unchanged));
        Assert.Equal((2, 0), (copy.Stored, copy.Skipped));
        Assert.Equal("Two.", (await Memories.GetAsync(two.Id, new CallOptions { Collection = "copy" }))!.Text);
        using var broken = new MemoryStream([.. file.ToArray(), .. "{\"text\": 5}\n"u8]);
        var skipped = await Memories.ImportAsync(broken, new ImportOptions { Collection = "copy" });
        Assert.Equal(1, skipped.Skipped);
        Assert.StartsWith("line 4: ", Assert.Single(skipped.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_memory_can_expire_but_not_in_the_past()
    {
        var expires = DateTimeOffset.UtcNow.AddHours(2);
        var stored = await Memories.StoreAsync("For two hours.", new StoreOptions { ExpiresAt = expires });

        Assert.Equal(0, ((await Memories.GetAsync(stored.Id))!.ExpiresAt!.Value - expires).TotalSeconds, 1.0);
        await Assert.ThrowsAsync<MemoriesException>(() => Memories.StoreAsync("Over.", new StoreOptions { ExpiresAt = DateTimeOffset.UtcNow.AddHours(-1) }));
    }

    [Fact]
    public async Task What_can_not_be_is_told_in_a_sentence()
    {
        var stored = await Memories.StoreAsync("Here.");

        Exception[] failures =
        [
            await Assert.ThrowsAsync<MemoriesException>(() => Memories.StoreAsync("  ")),
            await Assert.ThrowsAsync<MemoriesException>(() => Memories.StoreAsync("A text.", new StoreOptions { Collection = "a/b" })),
            await Assert.ThrowsAsync<MemoriesException>(() => Memories.FindAsync("what", new FindOptions { Limit = 51 })),
            await Assert.ThrowsAsync<MemoriesException>(() => Memories.GetAsync("no id")),
            await Assert.ThrowsAsync<MemoriesException>(() => Memories.ForgetAsync(["no id"])),
            await Assert.ThrowsAsync<MemoriesException>(() => Memories.UndoAsync("no id")),
            await Assert.ThrowsAsync<MemoriesException>(() => Memories.UpdateAsync(stored.Id, new MemoryUpdate())),
            await Assert.ThrowsAsync<MemoryNotFoundException>(() => Memories.UpdateAsync(Guid.NewGuid().ToString(), new MemoryUpdate { Text = "New." })),
        ];

        Assert.All(failures, failure => Assert.EndsWith(".", failure.Message, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.DoesNotMatch("QDRANT_|EMBEDDING_|MEMORY_|MCP_", failure.Message));
    }

    [Fact]
    public async Task A_call_that_is_canceled_says_so()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Memories.FindAsync("what", cancellationToken: source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Memories.StoreAsync("what", cancellationToken: source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Memories.ListAsync(cancellationToken: source.Token).ToListAsync());
    }

    [Fact]
    public async Task Many_threads_may_call_at_once()
    {
        await Parallel.ForAsync(0, 24, async (number, token) => await Memories.StoreAsync($"Thread {number} was here.", cancellationToken: token));

        Assert.Equal(24, await Memories.ListAsync().CountAsync());
    }

    [Fact]
    public async Task After_the_end_no_call_succeeds()
    {
        await Memories.StoreAsync("Before the end.");
        await CloseAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Memories.FindAsync("end"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Memories.StoreAsync("After the end."));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Memories.ListAsync().ToListAsync());
    }
}
