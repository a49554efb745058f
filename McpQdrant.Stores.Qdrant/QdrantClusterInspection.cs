using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant.Api;
using McpQdrant.Stores.Qdrant.Mapping;
using static McpQdrant.Stores.Qdrant.Mapping.QdrantJson;

namespace McpQdrant.Stores.Qdrant;

/// <summary>Looks at each address, at the cluster's nodes, and at where the shards of each collection are.</summary>
internal sealed class QdrantClusterInspection(QdrantClient client, QdrantOptions options)
{
    private readonly List<string> _parts = [];
    private readonly List<string> _warnings = [];

    /// <returns>Null where there is one address, and no cluster behind it.</returns>
    public async Task<ClusterReport?> RunAsync(IReadOnlyList<CollectionName> collections, CancellationToken cancellationToken)
    {
        var clusters = new List<(Uri Address, QdrantCluster? Cluster)>();
        foreach (var address in options.Addresses)
        {
            try
            {
                clusters.Add((address, await client.ReadAsync(new QdrantRequest(HttpMethod.Get, "cluster") { OnlyAt = address }, QdrantCluster.Read, cancellationToken)));
            }
            catch (MemoryException failure) when (options.OtherUrls.Count > 0)
            {
                _warnings.Add($"{Show(address)} can't be used, so requests go to the other addresses: {failure.Message}");
            }
        }

        ExamineAddresses(clusters);
        if (clusters.Select(node => node.Cluster).FirstOrDefault(cluster => cluster is not null) is { } cluster)
        {
            ExamineNodes(cluster);
            foreach (var collection in collections.Append(CollectionName.Parse(CollectionName.ChangeLog)))
                await ExamineAsync(collection, cluster, cancellationToken);
        }
        return _parts.Count + _warnings.Count == 0 ? null : new ClusterReport(_parts, _warnings);
    }

    /// <summary>Servers that know nothing of each other would each get a part of the memories.</summary>
    private void ExamineAddresses(List<(Uri Address, QdrantCluster? Cluster)> nodes)
    {
        if (options.OtherUrls.Count > 0 && nodes.Count > 0)
            _parts.Add($"Answering: {string.Join(", ", nodes.Select(node => Show(node.Address)))}.");

        var isOne = nodes.Count < 2 || nodes.TrueForAll(node => node.Cluster is { } cluster && cluster.Peers.Keys.SequenceEqual(nodes[0].Cluster?.Peers.Keys ?? []));
        if (!isOne)
            _warnings.Add(
                $"{string.Join(" and ", nodes.Select(node => Show(node.Address)))} are not nodes of one cluster: what is stored at one is not found at another. "
                + "Let QDRANT_URL list nodes of one cluster only.");
        else if (options.Discover && nodes is [(_, null), ..])
            _warnings.Add("QDRANT_DISCOVER is set, and this Qdrant is not part of a cluster. Leave it out.");
    }

    private void ExamineNodes(QdrantCluster cluster)
    {
        _parts.Add($"Nodes: {string.Join(", ", cluster.Peers.Select(peer => $"{peer.Value.Host} ({peer.Key}{(peer.Key == cluster.Leader ? ", leader" : "")})"))}.");
        if (cluster.Leader is null)
            _warnings.Add("The cluster has no leader, so no collection can be made or changed. See that more than half of its nodes run and reach each other.");
        if (cluster.ConsensusProblem is { } problem)
            _warnings.Add($"The node that was asked takes no part in the cluster's decisions any more: {problem}. Restart it; its log says more.");
        foreach (var (peer, reason) in cluster.Unreachable)
            _warnings.Add($"The node {peer} isn't reached by the others: {Shorten(reason)}. Check that it runs.");
    }

    private async Task ExamineAsync(CollectionName collection, QdrantCluster cluster, CancellationToken cancellationToken)
    {
        try
        {
            var (factor, needed) = await client.ReadAsync(QdrantRequest.On(collection, HttpMethod.Get, ""), description =>
            {
                var parameters = Part(Part(description, "config"), "params");
                return (Number(parameters, "replication_factor"), Number(parameters, "write_consistency_factor"));
            }, cancellationToken);
            Examine(collection, cluster, factor, needed, await client.ReadAsync(QdrantRequest.On(collection, HttpMethod.Get, "/cluster"), QdrantReplicas.Read, cancellationToken));
        }
        catch (StaleCollectionException)
        {
            // It was deleted just now; the log of changes may never have been made.
        }
    }

    private void Examine(CollectionName collection, QdrantCluster cluster, int factor, int needed, QdrantReplicas replicas)
    {
        var copies = replicas.Shards.Select(shard => shard.Value.Count).DefaultIfEmpty(0).ToList();
        _parts.Add(
            $"'{collection}': {Count(replicas.Shards.Count, "shard")}, {(copies.Min() == copies.Max() ? "" : $"{copies.Min()} to ")}{Count(copies.Max(), "replica")} of each, "
            + $"a write needs {needed}.{(replicas.Transfers == 0 ? "" : $" {Count(replicas.Transfers, "shard")} on the move.")}");

        foreach (var (shard, states) in replicas.Shards)
        {
            foreach (var (peer, state) in states.Where(state => state.State != QdrantReplicas.Active))
                _warnings.Add($"'{collection}': the replica of shard {shard} on node {Name(cluster, peer)} is {state}. Qdrant brings it back when the node answers; if it stays so, look at that node's log.");
            if (states.TrueForAll(state => state.State != QdrantReplicas.Active))
                _warnings.Add($"'{collection}': no replica of shard {shard} is active, so its memories can't be read. Bring a node back that has one.");
        }
        if (cluster.Peers.Count < 2)
            return;

        if (factor < 2)
            _warnings.Add(
                $"'{collection}' has a replication factor of 1: while one node is away its memories can't be read, and with its disk they are lost. "
                + "Set QDRANT_REPLICATION_FACTOR=2 for new collections; docs/scaling.md says how to raise it for this one.");
        else if (copies.Min() < factor)
            _warnings.Add($"'{collection}' has {copies.Min()} of the {factor} replicas that it should have. Make the missing ones with Qdrant's replicate_shard; docs/scaling.md says how.");
        if (needed >= factor && factor > 1)
            _warnings.Add($"'{collection}': a write needs all {factor} replicas, so nothing is stored while one node is away. Set write_consistency_factor below the replication factor.");
    }

    private static string Name(QdrantCluster cluster, string peer) => cluster.Peers.TryGetValue(peer, out var address) ? address.Host : peer;

    private static string Show(Uri address) => address.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Shorten(string reason) => (reason.Length > 150 ? reason[..150] : reason).TrimEnd('.');

    private static int Number(JsonElement json, string name) => Part(json, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : 1;
}
