using System.Collections.Concurrent;
using System.CommandLine;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Cli;
using McpQdrant.Server.Cli.Backup;
using McpQdrant.Server.Cli.Memories;
using McpQdrant.Server.Cli.Transfer;
using McpQdrant.Tests.Stores.Sqlite;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>What was backed up comes back whole, or not at all.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Backups => _folder.File("backups");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restore_brings_back_what_was_backed_up(bool isEmbedded)
    {
        await using var workshop = await Workshop.OpenAsync();
        var source = _folder.Write("source.jsonl", string.Concat(OddLines.Of(120).Select(line => $"{line}\n")));
        if (isEmbedded)
            workshop.UseFolder(_folder.File("data"));
        await OkAsync(workshop, ImportCommand.Create(), source, "-c", "notes");
        await OkAsync(workshop, StoreCommand.Create(), "green tea", "-c", "Other notes é");
        var id = JsonElement.Parse((await OkAsync(workshop, Named("list"), "-c", "notes", "-n", "1", "--json")).Output).GetProperty("id").ToString();
        await OkAsync(workshop, UpdateCommand.Create(), id, "changed", "-c", "notes");
        var before = await ExportAsync(workshop);
        await OkAsync(workshop, BackupCommand.Create(), Backups);
        await OkAsync(workshop, ForgetCommand.Create(), id, "-c", "notes");
        await OkAsync(workshop, StoreCommand.Create(), "too late", "-c", "notes");

        var refused = await workshop.RunAsync(RestoreCommand.Create(), Backups);
        var restored = await OkAsync(workshop, RestoreCommand.Create(), Backups, "--replace");

        Assert.Equal(1, refused.Code);
        Assert.Contains("Nothing was restored: it would take the place of", refused.Error, StringComparison.Ordinal);
        Assert.Contains("'notes' (120 memories)", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Restored 121 memories from", restored.Output, StringComparison.Ordinal);
        Assert.Equal(before, await ExportAsync(workshop));
        Assert.Equal(0, (await workshop.RunAsync(DoctorCommand.Create(), "--transport", "stdio")).Code);
        // The log of changes came back too.
        await OkAsync(workshop, UndoCommand.Create(), "--memory", id, "--yes");
        Assert.DoesNotContain("\"changed\"", await ExportAsync(workshop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_under_eight_writers_has_what_was_acknowledged_before_it_began()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        var acknowledged = new ConcurrentDictionary<ulong, bool>();
        using var stop = new CancellationTokenSource();
        var enough = new TaskCompletionSource();
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            using var store = await TestStore.OpenAsync(_folder.File("data"));
            for (var number = 0UL; !stop.IsCancellationRequested; number++)
            {
                var id = (ulong)writer * 1_000_000 + number;
                await store.StoreAsync($"memory {id}", id);
                acknowledged[id] = true;
                if (acknowledged.Count > 200)
                    enough.TrySetResult();
            }
        })).ToArray();
        await Task.WhenAny(enough.Task, Task.WhenAll(writers)).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        var before = acknowledged.Keys.ToArray();
        var backup = await OkAsync(workshop, BackupCommand.Create(), Backups, "--json");
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        workshop.UseFolder(_folder.File("restored"));
        await OkAsync(workshop, RestoreCommand.Create(), JsonElement.Parse(backup.Output).GetProperty("folder").GetString()!);

        using (var restored = await TestStore.OpenAsync(_folder.File("restored")))
        {
            var found = await restored.Store.GetAsync(restored.Notes, [.. before.Select(id => new MemoryId(id))], CancellationToken.None);
            Assert.Equal(before.Order(), found.Select(memory => memory.Id.Number).Order());
            await restored.StoreAsync(77_000_000);
        }
        Assert.Equal("wal", Query("restored", "PRAGMA journal_mode"));
        Assert.Equal("ok", Query("restored", "PRAGMA integrity_check"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Backup_is_for_its_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea"]);
        await OkAsync(workshop, BackupCommand.Create(), Backups);
        workshop.UseFolder(_folder.File("data"));
        await OkAsync(workshop, StoreCommand.Create(), "tea", "-c", "notes");
        await OkAsync(workshop, BackupCommand.Create(), _folder.File("other-backups"));

        foreach (var folder in (string[])[Only(Backups), Only(_folder.File("other-backups"))])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            Assert.Equal(2, Directory.GetFiles(folder).Length);
            Assert.All(Directory.GetFiles(folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        }
    }

    [Fact]
    public async Task Backup_keeps_as_many_as_it_is_told_and_what_is_none_of_them()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        await OkAsync(workshop, StoreCommand.Create(), "tea", "-c", "notes");
        Directory.CreateDirectory(Path.Combine(Backups, "2020-01-31T12-00-00Z.part"));
        Directory.CreateDirectory(Path.Combine(Backups, "2020-01-31T12-00-00Z"));
        Directory.CreateDirectory(Path.Combine(Backups, "mine"));
        var made = new List<string>();
        for (var i = 0; i < 4; i++)
            made.Add(JsonElement.Parse((await OkAsync(workshop, BackupCommand.Create(), Backups, "--keep", "2", "--json")).Output).GetProperty("folder").GetString()!);

        // What was never a backup (it has no manifest) is left alone.
        Assert.Equal(
            ["2020-01-31T12-00-00Z", Path.GetFileName(made[2]), Path.GetFileName(made[3]), "mine"],
            Directory.GetDirectories(Backups).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(4, made.Distinct().Count());
    }

    [Fact]
    public async Task Restore_of_a_folder_of_backups_takes_the_newest()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        await OkAsync(workshop, StoreCommand.Create(), "tea", "-c", "notes");
        await OkAsync(workshop, BackupCommand.Create(), Backups);
        await OkAsync(workshop, StoreCommand.Create(), "milk and honey", "-c", "notes");
        await OkAsync(workshop, BackupCommand.Create(), Backups);

        var restored = await OkAsync(workshop, RestoreCommand.Create(), Backups, "--replace");

        Assert.Contains("Restored 2 memories", restored.Output, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "missing file", "lacks the file" },
        { "cut file", "it was cut off, or changed" },
        { "changed file", "doesn't have the checksum" },
        { "changed file with its checksum", "is damaged" },
        { "cut manifest", "it is not JSON" },
        { "manifest without a field", "lacks a field" },
        { "manifest of another program", "is no manifest of a backup" },
        { "manifest of a newer version", "has format 9" },
        { "path in the manifest", "lacks a field, or has one of another kind" },
        { "other store", "is of a store of the kind 'qdrant'" },
        { "no manifest", "There is no backup in" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Restore_of_what_is_no_whole_backup_is_refused_and_changes_nothing(string damage, string sentence)
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        await OkAsync(workshop, StoreCommand.Create(), "tea", "-c", "notes");
        await OkAsync(workshop, BackupCommand.Create(), Backups);
        Break(damage);
        await OkAsync(workshop, StoreCommand.Create(), "a lion in the hall", "-c", "notes");
        var before = await ExportAsync(workshop);

        var run = await workshop.RunAsync(RestoreCommand.Create(), Backups, "--replace");

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(before, await ExportAsync(workshop));
        Assert.DoesNotContain(Directory.GetFiles(_folder.File("data")), file => file.EndsWith(".restoring", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restore_while_a_server_has_the_memories_open_is_refused()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        using (var server = await TestStore.OpenAsync(_folder.File("data")))
        {
            await server.StoreAsync(1);
            await OkAsync(workshop, BackupCommand.Create(), Backups);
            await server.StoreAsync(2);

            var refused = await workshop.RunAsync(RestoreCommand.Create(), Backups, "--replace");

            Assert.Equal(1, refused.Code);
            Assert.Contains("Stop the servers", refused.Error, StringComparison.Ordinal);
            await server.StoreAsync(3);
            Assert.Equal([1UL, 2, 3], await server.FindAsync());
        }

        await OkAsync(workshop, RestoreCommand.Create(), Backups, "--replace");

        using var again = await TestStore.OpenAsync(_folder.File("data"));
        Assert.Equal([1UL], await again.FindAsync());
    }

    [Fact]
    public async Task Restore_mends_a_damaged_file_only_if_it_may_replace_it()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(_folder.File("data"));
        await OkAsync(workshop, StoreCommand.Create(), "tea", "-c", "notes");
        await OkAsync(workshop, BackupCommand.Create(), Backups);
        File.WriteAllText(_folder.File("data/memories.db"), "my diary");

        var refused = await workshop.RunAsync(RestoreCommand.Create(), Backups);
        await OkAsync(workshop, RestoreCommand.Create(), Backups, "--replace");

        Assert.Contains("can't be read", refused.Error, StringComparison.Ordinal);
        Assert.Contains("\"tea\"", await ExportAsync(workshop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_that_fails_leaves_nothing_and_removes_nothing()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea"]);
        await OkAsync(workshop, BackupCommand.Create(), Backups);
        workshop.Before = async context =>
        {
            if (context.Request.Method != "GET" || !context.Request.Path.Value!.Contains("/snapshots/", StringComparison.Ordinal))
                return false;
            await context.Response.WriteAsync("not what the checksum says");
            return true;
        };

        var run = await workshop.RunAsync(BackupCommand.Create(), Backups, "--keep", "1");

        Assert.Equal(1, run.Code);
        Assert.Contains("another checksum", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("Z", Only(Backups), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshots_do_not_stay_on_the_server()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea"]);
        await OkAsync(workshop, BackupCommand.Create(), Backups);
        await OkAsync(workshop, RestoreCommand.Create(), Backups, "--replace");

        Assert.Empty((await workshop.SendAsync("GET", "collections/notes/snapshots")).EnumerateArray());
    }

    [Fact]
    public async Task Backup_of_a_collection_that_is_spread_over_nodes_is_refused()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea"]);
        workshop.Before = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/cluster", StringComparison.Ordinal))
                return false;
            await context.Response.WriteAsync("""
                {"result":{"peer_id":1,"shard_count":2,"local_shards":[{"shard_id":0}],"remote_shards":[{"shard_id":0},{"shard_id":1}],"shard_transfers":[]},"status":"ok","time":0}
                """);
            return true;
        };

        var run = await workshop.RunAsync(BackupCommand.Create(), Backups);

        Assert.Contains("1 of its shards are not on this one", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Backups));
    }

    [Fact]
    public async Task Restore_onto_a_collection_of_other_vectors_or_an_older_server_gives_a_sentence()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.WriteAsync("notes", "fast-some-model", ["tea"]);
        await OkAsync(workshop, BackupCommand.Create(), Backups);
        await workshop.SendAsync("DELETE", "collections/notes");
        await workshop.WriteAsync("notes", "fast-other-model", ["tea"]);

        var other = await workshop.RunAsync(RestoreCommand.Create(), Backups, "--replace");
        workshop.Before = async context =>
        {
            if (context.Request.Path != "/")
                return false;
            await context.Response.WriteAsync("""{"title":"qdrant","version":"1.17.9"}""");
            return true;
        };
        var older = await workshop.RunAsync(RestoreCommand.Create(), Backups, "--replace");

        Assert.Contains("has other vectors or shards", other.Error, StringComparison.Ordinal);
        Assert.Contains("older 1.17.9", older.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_of_memories_that_are_in_no_file_says_so()
    {
        await using var workshop = await Workshop.OpenAsync();
        workshop.UseFolder(":memory:");

        var run = await workshop.RunAsync(BackupCommand.Create(), Backups);

        Assert.Equal(1, run.Code);
        Assert.Contains("no file to back up", run.Error, StringComparison.Ordinal);
    }

    private static Command Named(string name) => ListCommands.Create().Single(command => command.Name == name);

    private static async Task<CommandRun> OkAsync(Workshop workshop, Command command, params string[] arguments)
    {
        var run = await workshop.RunAsync(command, arguments);
        Assert.True(run.Code == 0, run.Error);
        return run;
    }

    /// <summary>All collections as lines, but for the time that they were exported at.</summary>
    private static async Task<string> ExportAsync(Workshop workshop) =>
        string.Join('\n', (await OkAsync(workshop, ExportCommand.Create())).Output.Split('\n').Select(line => line.Split(",\"exported\":")[0]));

    private static string Only(string folder) => Assert.Single(Directory.GetDirectories(folder));

    private void Break(string damage)
    {
        var backup = Only(Backups);
        var (file, manifest) = (Path.Combine(backup, "memories.db"), Path.Combine(backup, "manifest.json"));
        switch (damage)
        {
            case "missing file":
                File.Delete(file);
                break;
            case "cut file":
                File.WriteAllBytes(file, File.ReadAllBytes(file)[..5000]);
                break;
            case "changed file":
                Change(file);
                break;
            case "changed file with its checksum":
                Change(file);
                Edit(json => json["files"]![0]!["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
                break;
            case "cut manifest":
                File.WriteAllText(manifest, File.ReadAllText(manifest)[..40]);
                break;
            case "manifest without a field":
                Edit(json => json.Remove("created"));
                break;
            case "manifest of another program":
                Edit(json => json["format"] = "another");
                break;
            case "manifest of a newer version":
                Edit(json => json["version"] = 9);
                break;
            case "path in the manifest":
                Edit(json => json["files"]![0]!["name"] = "../../data/memories.db");
                break;
            case "other store":
                Edit(json => json["store"] = "qdrant");
                break;
            case "no manifest":
                File.Delete(manifest);
                break;
        }

        void Edit(Action<JsonObject> change)
        {
            var json = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
            change(json);
            File.WriteAllText(manifest, json.ToJsonString());
        }

        // A page in the middle: what is there looks like a database, and isn't sound.
        static void Change(string path)
        {
            var bytes = File.ReadAllBytes(path);
            Array.Fill(bytes, (byte)0xFF, bytes.Length / 2, 5000);
            File.WriteAllBytes(path, bytes);
        }
    }

    private object? Query(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File($"{folder}/memories.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
