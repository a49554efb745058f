using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace McpQdrant.Stores.Sqlite.Files;

/// <summary>A connection and the statements it has prepared. For one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const int HasMovedControl = 20;

    /// <summary>Longer than any process writes at once.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(30);

    private readonly SqliteConnection _connection;
    private readonly int _patience;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    /// <param name="patience">For how long to wait for another process. None keeps the lock longer than it takes to write.</param>
    /// <exception cref="SqliteException">The file can't be opened, or is no database.</exception>
    public SqliteSession(string connectionString, int generation, TimeSpan patience)
    {
        (Generation, _patience) = (generation, (int)patience.TotalMilliseconds);
        _connection = new SqliteConnection(connectionString);
        try
        {
            _connection.Open();
            // FULL: an answer comes after the data is on the disk. fullfsync: macOS needs to be told twice.
            raw.sqlite3_busy_timeout(_connection.Handle, _patience);
            Execute("PRAGMA temp_store = MEMORY");
            Execute("PRAGMA synchronous = FULL");
            Execute("PRAGMA fullfsync = ON");
            Execute("PRAGMA checkpoint_fullfsync = ON");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Which opening of the file this belongs to; see <see cref="SqliteDatabase"/>.</summary>
    public int Generation { get; }

    /// <summary>Whether the file was moved or deleted since it was opened, so that what is written to it would be lost.</summary>
    public bool HasMoved => FileControl(_connection.Handle!, "main", HasMovedControl, out var moved) == raw.SQLITE_OK && moved != 0;

    /// <param name="arguments">For <c>$1</c>, <c>$2</c> and so on. A null is SQL's NULL.</param>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> arguments) => Bind(sql, arguments).ExecuteReader();

    /// <returns>The number of rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Bind(sql, arguments).ExecuteNonQuery();

    /// <returns>The first column of the first row; null where there is no row.</returns>
    public long? Number(string sql, params ReadOnlySpan<object?> arguments) => (long?)Bind(sql, arguments).ExecuteScalar();

    /// <summary>Begins a transaction that writes, when no other process is in one.</summary>
    /// <remarks>
    /// SQLite itself would ask ever more rarely, up to every 100 ms, and could be overtaken for seconds by processes that write without pause.
    /// </remarks>
    public void BeginWrite()
    {
        var deadline = Environment.TickCount64 + _patience;
        raw.sqlite3_busy_timeout(_connection.Handle, 0);
        int result;
        while ((result = raw.sqlite3_exec(_connection.Handle, "BEGIN IMMEDIATE")) == raw.SQLITE_BUSY && Environment.TickCount64 < deadline)
            Thread.Sleep(1);

        raw.sqlite3_busy_timeout(_connection.Handle, _patience);
        SqliteException.ThrowExceptionForRC(result, _connection.Handle);
    }

    /// <summary>Copies the whole database, as it is at this moment, into a file that is empty.</summary>
    public void CopyTo(string file)
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        target.Open();
        _connection.BackupDatabase(target);
    }

    /// <summary>Moves all of the write-ahead log into the file, and leaves the log empty.</summary>
    /// <returns>False where another process reads what is in it.</returns>
    public bool TryTruncateLog() => Number("PRAGMA wal_checkpoint(TRUNCATE)") == 0;

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements[sql] = statement = Prepare(sql, arguments.Length);

        for (var i = 0; i < arguments.Length; i++)
            statement.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        return statement;
    }

    private SqliteCommand Prepare(string sql, int arguments)
    {
        var statement = _connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this folder; only a collection's number is put into some.
        statement.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 1; i <= arguments; i++)
            statement.Parameters.Add(new SqliteParameter($"${i}", value: null));
        return statement;
    }

    // The provider doesn't offer it. SQLITE_FCNTL_HAS_MOVED: https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(sqlite3 connection, [MarshalAs(UnmanagedType.LPUTF8Str)] string database, int control, out int answer);
}
