using System.Runtime.CompilerServices;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats.Json;
using Microsoft.Data.Sqlite;

namespace McpQdrant.Server.Cli.Formats.Python;

/// <summary>The local folder of the Python server (qdrant-client's local mode): a description, and for each collection an SQLite file of pickled points.</summary>
/// <remarks>https://github.com/qdrant/qdrant-client/tree/master/qdrant_client/local</remarks>
internal static class PythonFolder
{
    private const string Description = "meta.json";
    private const int MaxDescriptionBytes = 16 * 1024 * 1024;
    private const int MaxPointBytes = 64 * 1024 * 1024;

    public static bool Fits(string folder) => File.Exists(Path.Combine(folder, Description)) && Directory.Exists(Path.Combine(folder, "collection"));

    /// <exception cref="MemoryException">Its description can't be read.</exception>
    public static IAsyncEnumerable<ImportEntry> Read(string folder, CancellationToken cancellationToken)
    {
        var collections = ReadDescription(folder);
        return ReadAsync(cancellationToken);

        async IAsyncEnumerable<ImportEntry> ReadAsync([EnumeratorCancellation] CancellationToken stopping)
        {
            foreach (var (name, vector) in collections)
            {
                await foreach (var entry in ReadCollection(folder, name, vector).ToAsyncEnumerable().WithCancellation(stopping))
                    yield return entry;
            }
        }
    }

    private static IReadOnlyList<(CollectionName Name, VectorInfo? Vector)> ReadDescription(string folder)
    {
        var path = Path.Combine(folder, Description);
        try
        {
            if (new FileInfo(path).Length > MaxDescriptionBytes)
                throw new MemoryException($"'{path}' is longer than {MaxDescriptionBytes / 1024 / 1024} MiB, which the Python server never writes.");
            // Names are checked: one with a slash would lead elsewhere.
            return
            [
                .. from collection in JsonElement.Parse(File.ReadAllBytes(path)).GetProperty("collections").EnumerateObject()
                   select (CollectionName.Parse(collection.Name), VectorOf(collection.Value)),
            ];
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"'{path}' can't be read as the Python server's: {wrong.Message}", wrong);
        }
    }

    /// <summary>The first dense vector; the Python server has one.</summary>
    private static VectorInfo? VectorOf(JsonElement collection)
    {
        if (Fields.Find(collection, "vectors") is not { ValueKind: JsonValueKind.Object } vectors)
            return null;
        return vectors.TryGetProperty("size", out _) ? Info("", vectors) : vectors.EnumerateObject().Select(vector => Info(vector.Name, vector.Value)).FirstOrDefault();

        static VectorInfo? Info(string name, JsonElement vector) =>
            Fields.Find(vector, "size") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt32(out var numbers) && Enum.TryParse<Distance>(Fields.TextOf(vector, "distance"), out var distance)
                ? new VectorInfo(name, numbers, distance)
                : null;
    }

    private static IEnumerable<ImportEntry> ReadCollection(string folder, CollectionName name, VectorInfo? vector)
    {
        var path = Path.Combine(folder, "collection", name.Value, "storage.sqlite");
        var place = $"'{name.Value}'";
        if (!File.Exists(path))
        {
            // A collection that nothing was stored in.
            yield return new ImportEntry.Header(place, new MemoryFileHeader(name, null, vector, null, 0));
            yield break;
        }

        PointRows? rows = null;
        string? failure = null;
        try
        {
            rows = new PointRows(path);
        }
        catch (SqliteException damage)
        {
            failure = damage.Message;
        }

        using (rows)
        {
            yield return new ImportEntry.Header(place, new MemoryFileHeader(name, null, vector, null, rows?.Count ?? 0));
            for (var row = 1; failure is null; row++)
            {
                byte[]? point = null;
                try
                {
                    if (!rows!.Read())
                        yield break;
                    point = rows.Point;
                }
                catch (SqliteException damage)
                {
                    failure = damage.Message;
                    break;
                }
                yield return point is null
                    ? new ImportEntry.Unreadable($"{place}, point {row}", $"it is empty, or longer than {MaxPointBytes / 1024 / 1024} MiB")
                    : PythonPoint.Read(point, vector, $"{place}, point {row}");
            }
        }
        yield return new ImportEntry.Unreadable(place, $"its file '{path}' can't be read: {failure}; what follows was not read");
    }

    /// <summary>The rows of a file of points, which is only read.</summary>
    private sealed class PointRows : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _command;
        private readonly SqliteDataReader _reader;

        public PointRows(string path)
        {
            _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
            _command = _connection.CreateCommand();
            try
            {
                _connection.Open();
                _command.CommandText = "SELECT count(*) FROM points";
                Count = (long)_command.ExecuteScalar()!;
                _command.CommandText = "SELECT CASE WHEN length(point) <= $max THEN point END FROM points ORDER BY rowid";
                _command.Parameters.AddWithValue("$max", MaxPointBytes);
                _reader = _command.ExecuteReader();
            }
            catch
            {
                _command.Dispose();
                _connection.Dispose();
                throw;
            }
        }

        public long Count { get; }

        /// <summary>Null where there is none, or one that is too long.</summary>
        public byte[]? Point => _reader.IsDBNull(0) ? null : _reader.GetFieldValue<byte[]>(0);

        public bool Read() => _reader.Read();

        public void Dispose()
        {
            _reader.Dispose();
            _command.Dispose();
            _connection.Dispose();
        }
    }
}
