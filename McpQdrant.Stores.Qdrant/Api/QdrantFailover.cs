using System.Net;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>Sends each request to the first address of Qdrant that answers, below the retries.</summary>
/// <remarks>
/// An address that fails is passed over until it says that it is ready again. Nothing runs by itself: a request that comes by starts the question
/// whether a node is back, and does not wait for it.
/// </remarks>
internal sealed partial class QdrantFailover(QdrantOptions options, TimeProvider time, ILogger<QdrantFailover> logger) : DelegatingHandler
{
    /// <summary>Names the one address that a request is for, whatever its state.</summary>
    public static readonly HttpRequestOptionsKey<Uri> OnlyAt = new("qdrant-node");

    /// <summary>The path below the address, kept for the next try: the request's own address is then that of the last one.</summary>
    private static readonly HttpRequestOptionsKey<string> Path = new("qdrant-path");

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DiscoveryInterval = TimeSpan.FromSeconds(30);

    private readonly QdrantNode[] _listed = [.. options.Addresses.Select(address => new QdrantNode(address))];
    private QdrantNode[]? _known;
    private long _nextDiscovery = long.MinValue;
    private string? _lastComplaint;

    private QdrantNode[] Nodes => Volatile.Read(ref _known) ?? _listed;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Path, out var path))
            request.Options.Set(Path, path = request.RequestUri!.AbsoluteUri[_listed[0].Address.AbsoluteUri.Length..]);
        if (request.Options.TryGetValue(OnlyAt, out var only))
        {
            request.RequestUri = new QdrantNode(only).At(path);
            return await base.SendAsync(request, cancellationToken);
        }

        LookAround();
        var nodes = Nodes;
        QdrantNode[] order = [.. nodes.Where(node => !node.IsAway), .. nodes.Where(node => node.IsAway)];
        foreach (var node in order[..^1])
        {
            if (await TryAsync(node, request, path, cancellationToken) is { } answer)
                return answer;
        }

        // The failure of the last one is what the retries see. It has all the time that is left.
        request.RequestUri = order[^1].At(path);
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (IsOut(answer))
                MarkAway(order[^1], $"HTTP {(int)answer.StatusCode}");
            return answer;
        }
        catch (HttpRequestException failure)
        {
            MarkAway(order[^1], failure.GetBaseException().Message);
            throw;
        }
    }

    /// <returns>Null where the next one should be asked.</returns>
    private async Task<HttpResponseMessage?> TryAsync(QdrantNode node, HttpRequestMessage request, string path, CancellationToken cancellationToken)
    {
        // A machine that is gone without a word, or a process that hangs, must leave time to ask another one.
        using var limit = new CancellationTokenSource(options.Timeout / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        request.RequestUri = node.At(path);
        try
        {
            var answer = await base.SendAsync(request, either.Token);
            if (IsOut(answer))
                MarkAway(node, $"HTTP {(int)answer.StatusCode}");
            else if (!await QdrantTransition.IsSeenInAsync(answer, either.Token))
                return answer;
            answer.Dispose();
        }
        catch (HttpRequestException failure)
        {
            MarkAway(node, failure.GetBaseException().Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            MarkAway(node, "no answer in time");
        }
        return null;
    }

    /// <summary>What a proxy says of a node that is gone, and a node that starts.</summary>
    private static bool IsOut(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private void MarkAway(QdrantNode node, string reason)
    {
        if (node.MarkAway(After(ProbeInterval)))
            LogAway(node, reason);
    }

    /// <summary>Starts what is due: asking nodes that were away, and the cluster for its peers.</summary>
    private void LookAround()
    {
        var now = time.GetTimestamp();
        foreach (var node in Nodes)
        {
            if (node.IsAway && node.BeginProbe(now))
                _ = ProbeAsync(node);
        }

        var due = Volatile.Read(ref _nextDiscovery);
        if (options.Discover && now >= due && Interlocked.CompareExchange(ref _nextDiscovery, After(DiscoveryInterval), due) == due)
            _ = DiscoverAsync();
    }

    private async Task ProbeAsync(QdrantNode node)
    {
        var answers = await AskAsync(node, "readyz", withKey: false) is ({ } status, _) && status < HttpStatusCode.InternalServerError;
        node.EndProbe(answers, After(ProbeInterval));
        if (answers)
            LogBack(node);
    }

    /// <summary>Adds the cluster's peers behind what is listed.</summary>
    private async Task DiscoverAsync()
    {
        foreach (var node in Nodes.Where(node => !node.IsAway))
        {
            var (status, body) = await AskAsync(node, "cluster", withKey: true);
            if (status != HttpStatusCode.OK)
                continue;

            if (QdrantCluster.Parse(body) is { } cluster)
                Follow(cluster);
            else
                Complain($"{node} is not part of a cluster");
            return;
        }
        Complain("no address tells the peers of the cluster");
    }

    private void Follow(QdrantCluster cluster)
    {
        var known = Nodes.ToDictionary(node => node.Address);
        QdrantNode[] now = [.. _listed.Concat(cluster.AddressesBeside(_listed[0].Address).Select(address => known.GetValueOrDefault(address) ?? new QdrantNode(address))).DistinctBy(node => node.Address)];
        if (now.Select(node => node.Address).SequenceEqual(Nodes.Select(node => node.Address)))
            return;

        Volatile.Write(ref _known, now);
        LogDiscovered(string.Join(", ", now.Select(node => node.ToString())));
    }

    /// <summary>Asks something beside the requests; the key goes along only where the question needs it.</summary>
    /// <returns>Null for no answer.</returns>
    private async Task<(HttpStatusCode? Status, byte[] Body)> AskAsync(QdrantNode node, string path, bool withKey)
    {
        using var limit = new CancellationTokenSource(ProbeTimeout, time);
        using var question = new HttpRequestMessage(HttpMethod.Get, node.At(path));
        if (withKey && options.ApiKey is { } key)
            question.Headers.TryAddWithoutValidation(QdrantOptions.KeyHeader, key);
        try
        {
            using var answer = await base.SendAsync(question, limit.Token);
            return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(limit.Token));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return (null, []);
        }
    }

    private void Complain(string reason)
    {
        if (Interlocked.Exchange(ref _lastComplaint, reason) != reason)
            LogNotDiscovered(reason);
    }

    private long After(TimeSpan wait) => time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);

    [LoggerMessage(LogLevel.Warning, "Qdrant at {Node} doesn't answer ({Reason}); requests go to another address until it does")]
    private partial void LogAway(QdrantNode node, string reason);

    [LoggerMessage(LogLevel.Information, "Qdrant at {Node} answers again")]
    private partial void LogBack(QdrantNode node);

    [LoggerMessage(LogLevel.Information, "The cluster's nodes are {Nodes}")]
    private partial void LogDiscovered(string nodes);

    [LoggerMessage(LogLevel.Warning, "QDRANT_DISCOVER is set, and the nodes of the cluster are not known: {Reason}")]
    private partial void LogNotDiscovered(string reason);
}
