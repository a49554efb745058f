using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Tests.Protocol;

/// <summary>What was answered "Remembered" is there, whatever happens to the processes and the disk.</summary>
public sealed class DurabilityTests : IDisposable
{
    private const int Stores = 200;

    /// <summary>Those that are killed are given more than they come to, however late the signal reaches them.</summary>
    private const int More = 5 * Stores;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Five_processes_on_one_folder_two_of_them_killed_lose_nothing_acknowledged()
    {
        var acknowledged = await Task.WhenAll(Enumerable.Range(0, 5).Select(process =>
            process < 2 ? StoreAsync(process, More, killAfter: 60 + 40 * process) : StoreAsync(process, Stores, killAfter: null)));

        var ids = acknowledged.SelectMany(list => list).ToArray();
        Assert.True(acknowledged[..2].All(list => list.Count is > 0 and < More), "the killed ones had not come to their end");
        Assert.All(acknowledged[2..], list => Assert.Equal(Stores, list.Count));
        Assert.Empty(ids.Except(await ReadIdsAsync()));
        Assert.Equal("ok", Scalar("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_full_disk_gets_a_sentence_loses_nothing_and_stores_again_when_there_is_room()
    {
        RequireNamespaces();
        await using var server = StartIn($"mount -t tmpfs -o size=3m none {_folder.Path} && head -c 1000000 /dev/zero > {_folder.File("ballast")}");
        await server.WriteAsync(Messages.Initialize(), Messages.Initialized);
        await server.ReadLineAsync();

        var stored = new List<string>();
        var failure = "";
        for (var i = 1; failure.Length == 0; i++)
        {
            await server.WriteAsync(Messages.Store(i, $"{i} {new string('x', 200_000)}"));
            var reply = JsonElement.Parse((await server.ReadLineAsync())!);
            if (reply.Result().TryGetProperty("isError", out var isError) && isError.GetBoolean())
                failure = reply.Text();
            else
                stored.Add(reply.Structured().GetProperty("id").GetString()!);
        }
        await server.WriteAsync(Messages.Find(1000, "x"));
        var found = JsonElement.Parse((await server.ReadLineAsync())!);
        File.Delete($"/proc/{server.Id}/root{_folder.File("ballast")}");
        await server.WriteAsync(Messages.Store(1001, "there is room again"));
        server.CloseInput();
        var last = await server.ReadToEndAsync();

        Assert.Equal("The disk is full, so nothing was stored. Free some space, then try again.", failure);
        Assert.Equal(stored.Order(), found.Structured().GetProperty("results").EnumerateArray().Select(hit => hit.GetProperty("id").GetString()).Order());
        Assert.True(last.Reply(1001).Structured().GetProperty("created").GetBoolean());
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task A_read_only_folder_is_read_and_a_store_gets_a_sentence()
    {
        RequireNamespaces();
        await StoreAsync(process: 0, stores: 3, killAfter: null);

        await using var server = StartIn($"mount --bind {_folder.Path} {_folder.Path} && mount -o remount,bind,ro {_folder.Path}");
        await server.WriteAsync(Messages.Initialize(), Messages.Initialized, Messages.Store(1, "one more"), Messages.Find(2, "process"));
        server.CloseInput();
        var lines = await server.ReadToEndAsync();

        Assert.True(lines.Reply(1).Result().GetProperty("isError").GetBoolean());
        Assert.Contains("read-only", lines.Reply(1).Text(), StringComparison.Ordinal);
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    /// <returns>The ids of the stores that were answered.</returns>
    private async Task<IReadOnlyList<string>> StoreAsync(int process, int stores, int? killAfter)
    {
        await using var server = ServerProcess.Start([], Environment);
        await server.WriteAsync([Messages.Initialize(), Messages.Initialized, .. Enumerable.Range(1, stores).Select(i => Messages.Store(i, $"process p{process} memory m{i}"))]);

        var ids = new List<string>();
        while (ids.Count < stores && await server.ReadLineAsync() is { } line)
        {
            var reply = JsonElement.Parse(line);
            if (reply.GetProperty("id").GetInt32() == 0)
                continue;   // the reply to initialize
            Assert.True(reply.TryGetProperty("result", out var result) && result.TryGetProperty("structuredContent", out _), line);
            ids.Add(reply.Structured().GetProperty("id").GetString()!);
            if (ids.Count == killAfter)
                server.Kill();
        }
        return ids;
    }

    /// <summary>By a sixth process, through the tools.</summary>
    private async Task<IReadOnlyList<string>> ReadIdsAsync()
    {
        await using var server = ServerProcess.Start([], new Dictionary<string, string?>(Environment) { ["MEMORY_SEARCH"] = "keyword" });
        await server.WriteAsync([Messages.Initialize(), Messages.Initialized, .. Enumerable.Range(1, More).Select(i => Messages.Find(i, $"m{i}"))]);
        server.CloseInput();
        var lines = await server.ReadToEndAsync();
        return [.. Enumerable.Range(1, More).SelectMany(i => lines.Reply(i).Structured().GetProperty("results").EnumerateArray()).Select(hit => hit.GetProperty("id").GetString()!)];
    }

    private string? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Directory.GetFiles(_folder.Path, "*.db").Single()};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() as string;
    }

    private Dictionary<string, string?> Environment => new() { ["QDRANT_LOCAL_PATH"] = _folder.Path, ["QDRANT_SEARCH_LIMIT"] = "100" };

    /// <summary>The server in a namespace of its own, where the folder is mounted as the test wants it.</summary>
    private ServerProcess StartIn(string mount) =>
        ServerProcess.Start("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", $"{mount} && exec {ServerProcess.Binary}"], Environment);

    private static void RequireNamespaces()
    {
        using var probe = OperatingSystem.IsLinux() ? Process.Start(new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--mount", "true"]) { RedirectStandardError = true }) : null;
        probe?.WaitForExit();
        Assert.SkipUnless(probe?.ExitCode == 0, "Needs Linux with user namespaces, to mount a small and a read-only disk.");
    }
}
