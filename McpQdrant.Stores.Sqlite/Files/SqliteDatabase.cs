using System.Collections.Concurrent;
using McpQdrant.Core.Memories;
using McpQdrant.Stores.Sqlite.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace McpQdrant.Stores.Sqlite.Files;

/// <summary>The file of memories, opened at first use: hands out sessions, and says whether anybody wrote to it.</summary>
/// <remarks>
/// Several processes may use one file. Where the file was deleted or replaced under way (somebody emptied the data folder), it is opened
/// anew as the next generation: writing on would be writing to a file that nobody can open any more.
/// </remarks>
internal sealed partial class SqliteDatabase(SqliteStoreOptions options, ILogger logger) : IDisposable
{
    // Each may keep 2 MB of the file in memory.
    private const int MostIdle = 8;

    // A name of its own, so that no two stores in a process share their memories by accident.
    private readonly string _inMemory = $"file:/{Guid.NewGuid():N}?vfs=memdb";
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly Lock _watching = new();
    private SqliteSession? _watcher;
    private volatile int _generation;

    /// <summary>The file as it was when it was opened for reading alone; null where it is opened for writing.</summary>
    private volatile FrozenFile? _frozen;

    /// <summary>Lends a session that nobody else uses meanwhile. After a failure it isn't used again.</summary>
    /// <param name="work">Is also told what to compare with another time, to know whether anybody wrote in between.</param>
    /// <exception cref="MemoryException">The file can't be used; the message says why.</exception>
    public T Use<T>(Func<SqliteSession, ChangeStamp, T> work)
    {
        SqliteSession? session = null;
        try
        {
            var stamp = Changes();
            session = Rent();
            var result = work(session, stamp);
            Return(session);
            return result;
        }
        catch (SqliteException e)
        {
            session?.Dispose();
            throw SqliteFailure.Explain(e);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file. The next use opens what is there then.</summary>
    public void Close()
    {
        lock (_watching)
            StartAnew();
    }

    public void Dispose() => Close();

    private ChangeStamp Changes()
    {
        lock (_watching)
        {
            try
            {
                if (_frozen is { HasChanged: true })
                    StartAnew();
                if (_watcher is { HasMoved: true })
                {
                    Moved();
                    StartAnew();
                }
                _watcher ??= Open();
                return new ChangeStamp(_generation, _watcher.Number("PRAGMA data_version")!.Value);
            }
            catch (SqliteException e)
            {
                // What is in memory lasts only as long as it is open.
                if (options.Folder is not null)
                    StartAnew();
                throw SqliteFailure.Explain(e);
            }
        }
    }

    private SqliteSession Rent()
    {
        while (_idle.TryTake(out var session))
        {
            if (session.Generation == _generation)
                return session;
            session.Dispose();
        }

        return new SqliteSession(ConnectionString(), _generation, options.Patience);
    }

    private void Return(SqliteSession session)
    {
        if (session.Generation == _generation && _idle.Count < MostIdle)
            _idle.Add(session);
        else
            session.Dispose();
    }

    private SqliteSession Open()
    {
        if (options.Folder is null)
            return OpenOnce();

        var file = DataFolder.Prepare(options.Folder);
        try
        {
            _frozen = null;
            return OpenOnce();
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY && !DataFolder.IsWritable(options.Folder))
        {
            // SQLite makes files beside this one even to read it, unless it is told that nobody changes it.
            _frozen = FrozenFile.Of(file);
            return OpenOnce();
        }
    }

    private SqliteSession OpenOnce()
    {
        var session = new SqliteSession(ConnectionString(), _generation, options.Patience);
        try
        {
            Schema.Upgrade(session);
            Opened(options.Folder ?? "this process");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void StartAnew()
    {
        _generation++;
        _watcher?.Dispose();
        _watcher = null;
        while (_idle.TryTake(out var session))
            session.Dispose();
    }

    // The file is made with the right permissions before SQLite opens it.
    private string ConnectionString() => new SqliteConnectionStringBuilder
    {
        DataSource = options.Folder is not { } folder ? _inMemory : _frozen?.Address ?? DataFolder.FileIn(folder),
        Mode = options.Folder is null ? SqliteOpenMode.ReadWriteCreate : _frozen is null ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly,
        Pooling = false,
    }.ConnectionString;

    [LoggerMessage(LogLevel.Information, "Opened the memories in {Place}")]
    private partial void Opened(string place);

    [LoggerMessage(LogLevel.Warning, "The file of memories was moved or deleted, and is opened anew")]
    private partial void Moved();
}
