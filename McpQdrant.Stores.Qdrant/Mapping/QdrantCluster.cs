using System.Text.Json;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>What a node says of its cluster (<c>GET /cluster</c>).</summary>
/// <param name="Peers">The addresses by which the nodes call each other, by their ids: those of the port for nodes, not of the REST API.</param>
/// <param name="Leader">The id of the node that leads; null where none is chosen.</param>
/// <param name="Unreachable">Addresses of peers that this node can't reach, and its last error.</param>
/// <param name="ConsensusProblem">Why this node takes no part in decisions any more; null where it does.</param>
internal sealed record QdrantCluster(
    IReadOnlyDictionary<string, Uri> Peers, string? Leader, IReadOnlyDictionary<string, string> Unreachable, string? ConsensusProblem)
{
    /// <returns>Null for a server that is no cluster, or another form of answer.</returns>
    public static QdrantCluster? Parse(ReadOnlySpan<byte> answer)
    {
        try
        {
            return Read(QdrantJson.Part(JsonElement.Parse(answer, QdrantJson.Deep), "result"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="Parse"/>
    public static QdrantCluster? Read(JsonElement cluster)
    {
        if (QdrantJson.Part(cluster, "status") is not { ValueKind: JsonValueKind.String } status || status.GetString() != "enabled")
            return null;

        var peers = new SortedDictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var peer in QdrantJson.Members(QdrantJson.Part(cluster, "peers")))
        {
            if (QdrantJson.Part(peer.Value, "uri") is { ValueKind: JsonValueKind.String } uri && Uri.TryCreate(uri.GetString(), UriKind.Absolute, out var address) && address.Host.Length > 0)
                peers.Add(peer.Name, address);
        }
        var unreachable = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var failure in QdrantJson.Members(QdrantJson.Part(cluster, "message_send_failures")))
            unreachable[failure.Name] = Text(failure.Value, "latest_error") ?? "no reason given";

        var consensus = QdrantJson.Part(cluster, "consensus_thread_status");
        return new QdrantCluster(
            peers,
            QdrantJson.Part(QdrantJson.Part(cluster, "raft_info"), "leader") is { ValueKind: JsonValueKind.Number } leader && leader.GetRawText() is not "0" and var id ? id : null,
            unreachable,
            Text(consensus, "consensus_thread_status") is null or "working" ? null : Text(consensus, "err") ?? "stopped");
    }

    /// <summary>The REST addresses of the peers. Qdrant doesn't tell them, so they are the peers' hosts with all else of an address that is known.</summary>
    /// <remarks>A peer that calls itself by a name of its own machine is left out, unless the known address is on this machine too.</remarks>
    public IEnumerable<Uri> AddressesBeside(Uri known) => Peers.Values
        .Where(peer => known.IsLoopback || !peer.IsLoopback)
        .Select(peer => new UriBuilder(known) { Host = peer.Host }.Uri);

    private static string? Text(JsonElement json, string name) => QdrantJson.Part(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
