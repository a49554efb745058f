using System.Globalization;
using System.Text.Json;

namespace McpQdrant.Stores.Qdrant.Mapping;

/// <summary>Where the shards of a collection are (<c>GET /collections/NAME/cluster</c>).</summary>
/// <param name="Shards">By number, the replicas of each: the id of the node, and Qdrant's word for the replica's state.</param>
/// <param name="Transfers">How many shards are being copied or moved.</param>
internal sealed record QdrantReplicas(IReadOnlyDictionary<int, List<(string Peer, string State)>> Shards, int Transfers)
{
    /// <summary>The state of a replica that is read and written.</summary>
    public const string Active = "Active";

    public static QdrantReplicas Read(JsonElement result)
    {
        var here = result.GetProperty("peer_id").GetRawText();
        var shards = new SortedDictionary<int, List<(string, string)>>();
        foreach (var replica in result.GetProperty("local_shards").EnumerateArray())
            Add(replica, here);
        foreach (var replica in result.GetProperty("remote_shards").EnumerateArray())
            Add(replica, replica.GetProperty("peer_id").GetRawText());
        return new QdrantReplicas(shards, result.GetProperty("shard_transfers").GetArrayLength());

        void Add(JsonElement replica, string peer)
        {
            var number = int.Parse(replica.GetProperty("shard_id").GetRawText(), CultureInfo.InvariantCulture);
            if (!shards.TryGetValue(number, out var replicas))
                shards.Add(number, replicas = []);
            replicas.Add((peer, replica.GetProperty("state").GetString()!));
        }
    }
}
