using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using McpQdrant.Core.Backup;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant.Api;

namespace McpQdrant.Stores.Qdrant;

/// <summary>Backs up by Qdrant's snapshots: one file for each collection, the log of changes among them.</summary>
/// <param name="client">For short calls.</param>
/// <param name="files">For calls that take as long as a file is large.</param>
/// <remarks>What a snapshot leaves behind on the server is removed again: the space there is not for backups.</remarks>
internal sealed class QdrantBackup(QdrantMemoryStore store, QdrantClient client, QdrantClient files) : IStoreBackup
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Kind => "qdrant";

    public async Task<string> ReadVersionAsync(CancellationToken cancellationToken) => (await client.ReadVersionAsync(cancellationToken))?.ToString() ?? "";

    public async Task<IReadOnlyList<CopiedFile>> CopyAsync(string folder, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        var collections = new List<CopiedCollection>();
        foreach (var name in await ReadNamesAsync(cancellationToken))
        {
            await RequireWholeAsync(name, cancellationToken);
            var model = CollectionMetadata.Read((await store.DescribeAsync(name, cancellationToken))?.Metadata ?? new Dictionary<string, JsonElement>())?.Model.Model;
            collections.Add(new CopiedCollection(name, await CountAsync(name, cancellationToken), model));
        }

        var copied = new List<CopiedFile>();
        var (done, total) = (0L, collections.Sum(collection => collection.Memories));
        foreach (var collection in collections)
        {
            progress.Report(new BackfillProgress(done, total));
            // Names of collections are not names of files.
            var file = $"collection-{copied.Count + 1}.snapshot";
            await CopyAsync(collection.Name, Path.Combine(folder, file), cancellationToken);
            copied.Add(new CopiedFile(file, [collection]));
            done += collection.Memories;
        }
        progress.Report(new BackfillProgress(done, total));
        return copied;
    }

    public async Task<IReadOnlyList<string>> FindReplacedAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        if (Version.TryParse(manifest.StoreVersion, out var made) && await client.ReadVersionAsync(cancellationToken) is { } server
            && (server.Major, server.Minor).CompareTo((made.Major, made.Minor)) < 0)
            throw new MemoryException($"The backup is of Qdrant {made}, and this server is the older {server}, which can't read it. Update the server, then restore.");

        var there = await ReadNamesAsync(cancellationToken);
        var replaced = new List<string>();
        foreach (var name in manifest.Collections.Select(collection => collection.Name).Where(there.Contains))
        {
            if (await CountAsync(name, cancellationToken) is var memories and > 0)
                replaced.Add(name.Value == CollectionName.ChangeLog ? "the log of changes" : $"'{name}' ({UpgradeCollection.Counted(memories)})");
        }
        return replaced;
    }

    public async Task RestoreAsync(string folder, BackupManifest manifest, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        var (done, total) = (0L, manifest.Files.Sum(file => file.Collections.Sum(collection => collection.Memories)));
        foreach (var file in manifest.Files)
        {
            progress.Report(new BackfillProgress(done, total));
            if (file.Collections is not [var collection])
                throw new MemoryException($"'{file.Name}' of the backup in '{folder}' should hold one collection, and holds {file.Collections.Count}. Restore another backup.");

            await RestoreAsync(collection.Name, Path.Combine(folder, file.Name), file.Sha256, cancellationToken);
            done += collection.Memories;
        }
        progress.Report(new BackfillProgress(done, total));
    }

    private async Task CopyAsync(CollectionName name, string path, CancellationToken cancellationToken)
    {
        var (snapshot, checksum) = await files.ReadAsync(
            QdrantRequest.On(name, HttpMethod.Post, "/snapshots?wait=true"),
            result => (result.GetProperty("name").GetString()!, result.TryGetProperty("checksum", out var sum) ? sum.GetString() : null),
            cancellationToken);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerFile;
            await using var file = new FileStream(path, options);
            await files.DownloadAsync(QdrantRequest.On(name, HttpMethod.Get, $"/snapshots/{Uri.EscapeDataString(snapshot)}"), file, cancellationToken);
            file.Flush(flushToDisk: true);

            // Versions before 1.8 have none.
            file.Position = 0;
            if (checksum is not null && !string.Equals(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)), checksum, StringComparison.OrdinalIgnoreCase))
                throw new MemoryException($"The snapshot of '{name}' arrived with another checksum than Qdrant gave it, so it was thrown away. Try again.");
        }
        finally
        {
            await RemoveAsync(name, snapshot);
        }
    }

    private async Task RestoreAsync(CollectionName name, string path, string sha256, CancellationToken cancellationToken)
    {
        var snapshot = $"restored-{Guid.NewGuid():N}.snapshot";
        await using var file = File.OpenRead(path);
        using var content = new StreamContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var form = new MultipartFormDataContent { { content, "snapshot", snapshot } };
        try
        {
            await files.UploadAsync(QdrantRequest.On(name, HttpMethod.Post, $"/snapshots/upload?wait=true&priority=snapshot&checksum={sha256}"), form, cancellationToken);
        }
        catch (QdrantRefusal refusal) when (refusal.Reason.Contains("not compatible with existing collection", StringComparison.Ordinal))
        {
            throw new MemoryException(
                $"'{name}' was not restored: the collection that is there has other vectors or shards than the one in the backup. " +
                "Delete it in Qdrant, then restore again; what was restored before it stays.",
                refusal);
        }
        finally
        {
            await RemoveAsync(name, snapshot);
        }
    }

    /// <summary>Removes a snapshot from the server. It is done whatever happened, and its failure doesn't hide what happened.</summary>
    private async Task RemoveAsync(CollectionName name, string snapshot)
    {
        try
        {
            await client.ReadAsync(QdrantRequest.On(name, HttpMethod.Delete, $"/snapshots/{Uri.EscapeDataString(snapshot)}?wait=true"), _ => true, CancellationToken.None);
        }
        catch (MemoryException)
        {
            // It isn't there, where an upload was refused; or the server is gone, which the caller sees by itself.
        }
    }

    /// <exception cref="MemoryException">A snapshot would have a part of the collection only.</exception>
    private async Task RequireWholeAsync(CollectionName name, CancellationToken cancellationToken)
    {
        var elsewhere = await client.ReadAsync(
            QdrantRequest.On(name, HttpMethod.Get, "/cluster"),
            result => Shards(result, "remote_shards").Except(Shards(result, "local_shards")).Count(),
            cancellationToken);
        if (elsewhere > 0)
            throw new MemoryException(
                $"Collection '{name}' is spread over several nodes, {elsewhere} of its shards are not on this one, and a snapshot has only what is on this one. " +
                "Use `export`, or Qdrant's own snapshots of every node.");

        static IEnumerable<long> Shards(JsonElement cluster, string list) => cluster.GetProperty(list).EnumerateArray().Select(shard => shard.GetProperty("shard_id").GetInt64());
    }

    private Task<long> CountAsync(CollectionName name, CancellationToken cancellationToken) => client.ReadAsync(
        QdrantRequest.On(name, HttpMethod.Post, "/points/count", writer => writer.WriteBoolean("exact", true)),
        result => result.GetProperty("count").GetInt64(),
        cancellationToken);

    /// <summary>All collections, the log of changes too, if there is one.</summary>
    private async Task<IReadOnlyList<CollectionName>> ReadNamesAsync(CancellationToken cancellationToken)
    {
        var log = CollectionName.Parse(CollectionName.ChangeLog);
        var hasLog = await client.ReadAsync(QdrantRequest.On(log, HttpMethod.Get, "/exists"), result => result.GetProperty("exists").GetBoolean(), cancellationToken);
        var names = await store.ListAsync(cancellationToken);
        return hasLog ? [.. names, log] : names;
    }
}
