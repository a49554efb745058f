using McpQdrant.Core.Expiry;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Search;
using McpQdrant.Core.Search.Filters;
using Microsoft.Extensions.Time.Testing;

namespace McpQdrant.Tests.Contract;

/// <content>What expires is met nowhere from that moment on; the store is one as the program composes it.</content>
public abstract partial class MemoryStoreContract
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_has_expired_is_met_nowhere(bool isKnown)
    {
        var (store, notes) = await OpenNotesAsync();
        var clock = new FakeTimeProvider(Noon);
        IMemoryStore memories = new UnexpiredMemories(store, (IExpiryIndex)store, clock);
        await memories.InsertAsync(
            notes, [Note(1, "tea stays", [1, 0], """{"kind":"tea"}""", Noon), Expiring(2, "tea goes", Noon.AddSeconds(10)), Expiring(3, "tea goes later", Noon.AddSeconds(20))], Token);
        var layout = isKnown ? notes with { Expires = (await store.DescribeAsync(notes.Name, Token))!.Expires } : notes;

        // A server that looked at the collection before the first memory expired in it knows of none.
        memories = new UnexpiredMemories(store, (IExpiryIndex)store, clock);
        await ExpectAsync(1, 2, 3);
        clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        await ExpectAsync(1, 2, 3);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await ExpectAsync(1, 3);
        clock.Advance(TimeSpan.FromDays(1));
        await ExpectAsync(1);

        async Task ExpectAsync(params ulong[] ids)
        {
            var expected = Ids(ids);
            foreach (var question in (SearchRequest[])
                [
                    new() { Vector = new SemanticVector.Embedded(new float[] { 1, 0 }), Limit = 10 },
                    new() { Vector = new SemanticVector.Embedded(new float[] { 1, 0 }), Limit = ids.Length },
                    new() { Keywords = "tea", Limit = 10 },
                    new() { Vector = new SemanticVector.Embedded(new float[] { 1, 0 }), Keywords = "tea", Limit = 10, Filter = Filter.Parse(System.Text.Json.JsonElement.Parse("""{"must_not": [{"key": "metadata.kind", "match": {"value": "coffee"}}]}""")) },
                ])
                Assert.Equal(expected, (await memories.SearchAsync(layout, question, Token)).Select(hit => hit.Memory.Id).Order());
            Assert.Equal(expected, (await memories.GetAsync(layout, Ids(1, 2, 3), Token)).Select(memory => memory.Id).Order());
            Assert.Equal(expected, (await memories.ReadNewestAsync(layout, null, 10, Token)).Select(memory => memory.Id).Order());
            Assert.Equal(expected, await memories.ReadAllAsync(layout, null, withVectors: false, Token).Select(stored => stored.Memory.Id).Order().ToArrayAsync(Token));
            if (isKnown)
                Assert.Equal(ids.Length, await memories.CountAsync(layout, null, Token));
        }
    }

    [Fact]
    public async Task The_id_of_what_has_expired_is_free()
    {
        var (store, notes) = await OpenNotesAsync();
        var clock = new FakeTimeProvider(Noon);
        IMemoryStore memories = new UnexpiredMemories(store, (IExpiryIndex)store, clock);
        await memories.InsertAsync(notes, [Expiring(1, "tea", Noon.AddHours(1))], Token);
        Assert.Empty(await memories.InsertAsync(notes, [Note(1, "tea", [1, 0], storedAt: Noon)], Token));

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(Ids(1), await memories.InsertAsync(notes, [Note(1, "tea", [1, 0], storedAt: clock.GetUtcNow())], Token));
        Assert.Null(Assert.Single(await memories.GetAsync(notes, Ids(1), Token)).ExpiresAt);
    }

    [Fact]
    public async Task What_has_expired_is_removed_with_a_line_in_the_log_and_what_lives_longer_by_now_stays()
    {
        var (store, notes) = await OpenNotesAsync();
        var clock = new FakeTimeProvider(Noon);
        var unexpired = new UnexpiredMemories(store, (IExpiryIndex)store, clock);
        IMemoryStore memories = unexpired;
        await memories.InsertAsync(notes, [.. Enumerable.Range(1, 120).Select(number => Expiring((ulong)number, $"tea {number}", Noon.AddHours(1)))], Token);
        await memories.InsertAsync(notes, [Note(500, "stays", [1, 0], storedAt: Noon)], Token);
        var first = Assert.Single(await memories.GetAsync(notes, Ids(1), Token));
        Assert.True(await memories.ReplaceAsync(notes, Expiring(1, "tea 1", Noon.AddHours(9)), first.Revision, Token));
        Assert.True((await store.DescribeAsync(notes.Name, Token))!.Expires);
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(119, (await unexpired.RemoveExpiredAsync(notes, Origin(1), Token)).Count);

        Assert.Equal(Ids(1, 500), await store.ReadAllAsync(notes, null, withVectors: false, Token).Select(stored => stored.Memory.Id).Order().ToArrayAsync(Token));
        var changes = await ReadAsync(store, notes);
        Assert.Equal(119, changes.Count);
        Assert.All(changes, change => Assert.Equal(Noon.AddHours(1), change.Before!.Memory.ExpiresAt));
    }

    private static StoredMemory Expiring(ulong id, string text, DateTimeOffset expiresAt)
    {
        var note = Note(id, text, [1, 0], storedAt: Noon);
        return note with { Memory = note.Memory with { ExpiresAt = expiresAt } };
    }
}
