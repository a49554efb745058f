using System.Net;
using System.Net.Sockets;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>A port of this machine on which nothing listens, kept from others: it is bound, without listening.</summary>
internal sealed class FreePort : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);

    public FreePort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
