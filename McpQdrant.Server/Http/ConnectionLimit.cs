using Microsoft.AspNetCore.Connections;

namespace McpQdrant.Server.Http;

/// <summary>Keeps the number of connections below what the system allows this process, and a place for callers who may call.</summary>
/// <remarks>
/// Without it, whoever opens many connections and sends nothing shuts out everybody else. Where all places are taken, a new connection
/// gets the place of the oldest one on which no request was let through yet.
/// </remarks>
internal sealed partial class ConnectionLimit(int max, ILogger<ConnectionLimit> logger)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<ConnectionContext> _strangers = [];
    private int _open;
    private bool _isFull;

    public ConnectionDelegate Wrap(ConnectionDelegate next) => async connection =>
    {
        if (!TryEnter(connection))
        {
            connection.Abort(new ConnectionAbortedException("There are too many connections."));
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(connection);
        }
    };

    /// <summary>A request was let through: its connection keeps its place.</summary>
    public static void Admit(HttpContext context) => context.Features.Get<Place>()?.Admit();

    private bool TryEnter(ConnectionContext connection)
    {
        ConnectionContext? oldest = null;
        lock (_lock)
        {
            if (_open >= max)
            {
                if (!_isFull)
                    Full(max);
                _isFull = true;
                if ((oldest = _strangers.First?.Value) is null)
                    return false;
                _strangers.RemoveFirst();
            }
            _open++;
            connection.Features.Set(new Place(this, _strangers.AddLast(connection)));
        }
        oldest?.Abort(new ConnectionAbortedException("There are too many connections."));
        return true;
    }

    private void Leave(ConnectionContext connection)
    {
        connection.Features.Get<Place>()?.Admit();
        lock (_lock)
        {
            _open--;
            _isFull &= _open >= max / 2;
        }
    }

    [LoggerMessage(LogLevel.Warning, "There are {Max} connections, as many as this server keeps; those that send nothing are closed for new ones")]
    private partial void Full(int max);

    /// <summary>Where a connection stands among those that may be closed for others.</summary>
    private sealed class Place(ConnectionLimit limit, LinkedListNode<ConnectionContext> stranger)
    {
        public void Admit()
        {
            lock (limit._lock)
            {
                if (stranger.List is not null)
                    limit._strangers.Remove(stranger);
            }
        }
    }
}
