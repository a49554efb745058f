using System.Text.Json.Nodes;

namespace McpQdrant.Tests.Qdrant;

/// <summary>What the nodes of a cluster say of it; the forms are those of Qdrant's published API.</summary>
/// <param name="Peers">The addresses by which they call each other; their ids count from 1.</param>
internal sealed record StandInCluster(params IReadOnlyList<string> Peers)
{
    /// <summary>Replicas that aren't active: shard, peer, Qdrant's word for what they are.</summary>
    public IReadOnlyList<(int Shard, int Peer, string State)> Replicas { get; init; } = [];

    /// <summary>The peers that the others can't reach.</summary>
    public IReadOnlyList<string> Unreachable { get; init; } = [];

    public int? Leader { get; init; } = 1;

    public JsonObject Describe() => new()
    {
        ["status"] = "enabled",
        ["peer_id"] = 1,
        ["peers"] = new JsonObject(Peers.Select((uri, at) => KeyValuePair.Create($"{at + 1}", (JsonNode?)new JsonObject { ["uri"] = uri }))),
        ["raft_info"] = new JsonObject { ["term"] = 1, ["commit"] = 9, ["pending_operations"] = 0, ["leader"] = Leader, ["role"] = "Leader", ["is_voter"] = true },
        ["consensus_thread_status"] = new JsonObject { ["consensus_thread_status"] = "working", ["last_update"] = "2026-01-01T00:00:00Z" },
        ["message_send_failures"] = new JsonObject(Unreachable.Select(uri => KeyValuePair.Create(
            uri, (JsonNode?)new JsonObject { ["count"] = 7, ["latest_error"] = "tcp connect error", ["latest_error_timestamp"] = "2026-01-01T00:00:00Z" }))),
    };

    /// <summary>Where a collection's shards are: one after the other on the peers, each as often as it has replicas.</summary>
    public JsonObject DescribeShards(JsonObject collection)
    {
        var parameters = collection["config"]!["params"]!;
        var (shards, factor) = ((int)parameters["shard_number"]!, Math.Min((int)parameters["replication_factor"]!, Peers.Count));
        var (local, remote) = (new JsonArray(), new JsonArray());
        for (var shard = 0; shard < shards; shard++)
        {
            for (var copy = 0; copy < factor; copy++)
            {
                var peer = (shard + copy) % Peers.Count + 1;
                var state = Replicas.FirstOrDefault(replica => replica.Shard == shard && replica.Peer == peer).State ?? "Active";
                if (peer == 1)
                    local.Add(new JsonObject { ["shard_id"] = shard, ["points_count"] = 0, ["state"] = state });
                else
                    remote.Add(new JsonObject { ["shard_id"] = shard, ["peer_id"] = peer, ["state"] = state });
            }
        }
        return new JsonObject { ["peer_id"] = 1, ["shard_count"] = shards, ["local_shards"] = local, ["remote_shards"] = remote, ["shard_transfers"] = new JsonArray() };
    }
}
