using System.Runtime.Versioning;
using McpQdrant.Core.Memories;
using McpQdrant.Stores.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpQdrant.Tests.Stores.Sqlite;

/// <summary>What the embedded store does with folders and files that aren't as it would have them.</summary>
public sealed class EmbeddedStoreFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Open_makes_a_folder_and_files_for_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        using var store = await TestStore.OpenAsync(_folder.Path);
        await store.StoreAsync(1);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Path));
        Assert.All(Directory.GetFiles(_folder.Path), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Contains(_folder.File("memories.db-wal"), Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Open_of_a_folder_of_the_python_client_is_refused_and_changes_nothing()
    {
        Directory.CreateDirectory(_folder.File("collection"));
        File.WriteAllText(_folder.File("meta.json"), "{}");

        var refusal = await Assert.ThrowsAsync<MemoryException>(() => TestStore.OpenAsync(_folder.Path));

        Assert.Contains("Python", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public async Task Open_of_a_file_that_is_no_database_is_refused_and_changes_nothing()
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(_folder.File("memories.db"), "my diary");

        var refusal = await Assert.ThrowsAsync<MemoryException>(() => TestStore.OpenAsync(_folder.Path));

        Assert.Contains("not a database", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("my diary", File.ReadAllText(_folder.File("memories.db")));
    }

    [Fact]
    public async Task Open_of_another_programs_database_is_refused_and_changes_nothing()
    {
        Directory.CreateDirectory(_folder.Path);
        Execute("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
        var before = File.ReadAllBytes(_folder.File("memories.db"));

        var refusal = await Assert.ThrowsAsync<MemoryException>(() => TestStore.OpenAsync(_folder.Path));

        Assert.Contains("another program", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("memories.db")));
    }

    [Fact]
    public async Task Open_of_a_newer_format_is_refused()
    {
        using (var store = await TestStore.OpenAsync(_folder.Path))
            await store.StoreAsync(1);
        Execute("PRAGMA user_version = 99");

        var refusal = await Assert.ThrowsAsync<MemoryException>(() => TestStore.OpenAsync(_folder.Path));

        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_succeeds_once_what_stood_in_the_way_is_gone()
    {
        File.WriteAllText(_folder.Path, "a file, not a folder");
        using var store = new SqliteMemoryStore(new SqliteStoreOptions { Folder = _folder.Path }, NullLogger<SqliteMemoryStore>.Instance);
        await Assert.ThrowsAsync<MemoryException>(() => store.ListAsync(CancellationToken.None));

        File.Delete(_folder.Path);

        Assert.Empty(await store.ListAsync(CancellationToken.None));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_read_only_folder_gives_a_sentence_and_loses_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions don't hold for this user.");
        using (var store = await TestStore.OpenAsync(_folder.Path))
            await store.StoreAsync(1);
        File.SetUnixFileMode(_folder.File("memories.db"), UnixFileMode.UserRead);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await Assert.ThrowsAsync<MemoryException>(() => TestStore.OpenAsync(_folder.Path));

        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(_folder.File("memories.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var again = await TestStore.OpenAsync(_folder.Path);
        Assert.Equal([1UL], await again.FindAsync());
    }

    [Fact]
    public async Task A_write_that_fails_leaves_the_store_in_use()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        await store.StoreAsync(1);
        Execute("CREATE TRIGGER stop BEFORE INSERT ON memories BEGIN SELECT RAISE(ABORT, 'stop'); END");
        await Assert.ThrowsAsync<SqliteException>(() => store.StoreAsync(2));

        Execute("DROP TRIGGER stop");
        await store.StoreAsync(3);

        Assert.Equal([1UL, 3], await store.FindAsync());
    }

    [Fact]
    public async Task A_folder_that_was_emptied_is_begun_anew()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        await store.StoreAsync(1);

        Directory.Delete(_folder.Path, recursive: true);

        await Assert.ThrowsAsync<StaleCollectionException>(() => store.StoreAsync(2));
        await store.CreateAsync();
        await store.StoreAsync(3);
        using var other = await TestStore.OpenAsync(_folder.Path);
        Assert.Equal([3UL], await store.FindAsync());
        Assert.Equal([3UL], await other.FindAsync());
    }

    [Fact]
    public async Task What_was_stored_is_found_when_opened_again()
    {
        using (var store = await TestStore.OpenAsync(_folder.Path))
            await store.StoreAsync(1, 2, 3);

        using var again = await TestStore.OpenAsync(_folder.Path);

        Assert.Equal([1UL, 2, 3], await again.FindAsync());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_restored_backup_is_written_ahead_and_for_its_owner_alone_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        var backup = _folder.File("backup.db");
        using (var store = await TestStore.OpenAsync(_folder.Path))
        {
            await store.StoreAsync(1, 2);
            Execute($"VACUUM INTO '{backup}'");
        }
        File.Move(backup, _folder.File("memories.db"), overwrite: true);
        File.SetUnixFileMode(_folder.File("memories.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        using var restored = await TestStore.OpenAsync(_folder.Path);
        await restored.StoreAsync(3);

        Assert.Equal([1UL, 2, 3], await restored.FindAsync());
        Assert.Equal("wal", Execute("PRAGMA journal_mode"));
        Assert.All(Directory.GetFiles(_folder.Path), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_restored_backup_is_written_to_beside_a_reader()
    {
        var backup = _folder.File("backup.db");
        using (var store = await TestStore.OpenAsync(_folder.Path))
        {
            await store.StoreAsync(1);
            Execute($"VACUUM INTO '{backup}'");
        }
        File.Move(backup, _folder.File("memories.db"), overwrite: true);
        using var restored = await TestStore.OpenAsync(_folder.Path);
        using var reader = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=False");
        reader.Open();
        using var transaction = reader.BeginTransaction(deferred: true);
        using var count = reader.CreateCommand();
        (count.CommandText, count.Transaction) = ("SELECT count(*) FROM memories", transaction);
        Assert.Equal(1L, count.ExecuteScalar());

        await restored.StoreAsync(2);

        Assert.Equal([1UL, 2], await restored.FindAsync());
    }

    [Fact]
    public async Task What_another_process_stored_is_found_by_its_words_after_a_catching_up_that_failed()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        using var other = await TestStore.OpenAsync(_folder.Path);
        await store.StoreAsync("zebra", 1);
        Assert.Equal([1UL], await store.FindAsync(words: "zebra"));
        await other.StoreAsync("zebra", 2);
        Execute("INSERT INTO memories (collection, id, metadata, text) SELECT collection, X'000000000000000003', 'no JSON', 'zebra' FROM memories LIMIT 1");
        await Assert.ThrowsAnyAsync<Exception>(() => store.FindAsync(words: "zebra"));

        Execute("DELETE FROM memories WHERE metadata = 'no JSON'; UPDATE collections SET deletions = deletions + 1");

        Assert.Equal([1UL, 2], await store.FindAsync(words: "zebra"));
    }

    [Fact]
    public async Task Stores_in_memory_share_nothing_and_leave_nothing()
    {
        using var one = await TestStore.OpenAsync(folder: null);
        using var other = await TestStore.OpenAsync(folder: null);

        await one.StoreAsync(1);

        Assert.Equal([1UL], await one.FindAsync());
        Assert.Empty(await other.FindAsync());
    }

    [Fact]
    public async Task A_new_collection_changes_no_schema()
    {
        using var store = await TestStore.OpenAsync(_folder.Path);
        await store.StoreAsync(1);
        var before = Execute("PRAGMA schema_version");

        for (var i = 0; i < 10; i++)
            await store.CreateAsync($"another-{i}");

        Assert.Equal(before, Execute("PRAGMA schema_version"));
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("memories.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
