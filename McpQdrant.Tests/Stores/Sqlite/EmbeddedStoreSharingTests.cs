using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>Several stores on one folder: they share nothing but the file, as processes do.</summary>
public sealed class EmbeddedStoreSharingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_sees_what_another_stored_at_its_next_find()
    {
        using var one = await TestStore.OpenAsync(_folder.Path);
        using var other = await TestStore.OpenAsync(_folder.Path);
        Assert.Empty(await other.FindAsync());

        await one.StoreAsync(1, 2);
        Assert.Equal([1UL, 2], await other.FindAsync());
        Assert.Equal([1UL, 2], await other.FindAsync(words: "text"));

        await other.StoreAsync(3);
        Assert.Equal([1UL, 2, 3], await one.FindAsync());
    }

    [Fact]
    public async Task Each_sees_what_another_deleted_at_its_next_find()
    {
        using var one = await TestStore.OpenAsync(_folder.Path);
        using var other = await TestStore.OpenAsync(_folder.Path);
        await one.StoreAsync(1, 2, 3, 4);
        Assert.Equal([1UL, 2, 3, 4], await other.FindAsync());

        await one.DeleteAsync(1, 3);
        Assert.Equal([2UL, 4], await other.FindAsync());
        Assert.Equal([2UL], await other.FindAsync(limit: 1));

        await one.StoreAsync(3);
        await one.DeleteAsync(4);
        Assert.Equal([2UL, 3], await other.FindAsync());
        Assert.Equal([2UL, 3], await one.FindAsync());
    }

    [Fact]
    public async Task Each_sees_what_another_replaced_at_its_next_find()
    {
        using var one = await TestStore.OpenAsync(_folder.Path);
        using var other = await TestStore.OpenAsync(_folder.Path);
        await one.StoreAsync("zebra", 1, 2);
        Assert.Equal([1UL, 2], await other.FindAsync(words: "zebra"));

        await one.StoreAsync("giraffe", 1);

        Assert.Equal([2UL], await other.FindAsync(words: "zebra"));
        Assert.Equal([1UL], await other.FindAsync(words: "giraffe"));
        Assert.Equal([1UL, 2], await other.FindAsync());
    }

    [Fact]
    public async Task Each_sees_collections_that_another_made()
    {
        using var one = await TestStore.OpenAsync(_folder.Path);
        using var other = await TestStore.OpenAsync(_folder.Path);

        Assert.Equal(one.Notes.Name, Assert.Single(await other.Store.ListAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task Five_that_open_a_new_folder_and_write_at_once_all_succeed()
    {
        const int Stores = 5, Each = 200;

        var stores = await Task.WhenAll(Enumerable.Range(0, Stores).Select(_ => Task.Run(() => TestStore.OpenAsync(_folder.Path))));
        await Task.WhenAll(
            from store in Enumerable.Range(0, Stores)
            from memory in Enumerable.Range(0, Each)
            select Task.Run(() => stores[store].StoreAsync((ulong)(store * Each + memory))));

        using var sixth = await TestStore.OpenAsync(_folder.Path);
        Assert.Equal(Enumerable.Range(0, Stores * Each).Select(i => (ulong)i), await sixth.FindAsync());
        foreach (var store in stores)
        {
            Assert.Equal(Stores * Each, (await store.FindAsync()).Count);
            store.Dispose();
        }
        Assert.Equal("ok", IntegrityCheck());
    }

    [Fact]
    public async Task Finds_are_right_after_thousands_of_replacements()
    {
        using var one = await TestStore.OpenAsync(_folder.Path);
        using var other = await TestStore.OpenAsync(_folder.Path);
        var ids = Enumerable.Range(0, 1500).Select(i => (ulong)i).ToArray();

        for (var round = 0; round < 6; round++)
        {
            await one.StoreAsync($"round{round}", ids);
            Assert.Equal(ids, await other.FindAsync());
        }

        Assert.Equal(ids, await other.FindAsync(words: "round5"));
        Assert.Empty(await other.FindAsync(words: "round4"));
    }

    private string IntegrityCheck()
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }
}
