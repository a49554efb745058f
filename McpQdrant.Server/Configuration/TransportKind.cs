namespace McpQdrant.Server.Configuration;

/// <summary>How clients talk to the server.</summary>
internal enum TransportKind
{
    Stdio,
    Sse,
    Http,
}
