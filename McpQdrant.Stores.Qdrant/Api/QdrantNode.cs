namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>An address of Qdrant's REST API, and whether it answers.</summary>
/// <remarks>Used by all requests at once, without a lock: what they know of it is a hint, and a wrong one costs one try.</remarks>
internal sealed class QdrantNode(Uri address)
{
    private const int Answering = 0;
    private const int Away = 1;
    private const int Probed = 2;

    private int _state = Answering;
    private long _nextProbe;

    /// <summary>With a slash at its end, so that a path can be put after it.</summary>
    public Uri Address { get; } = WithSlash(address);

    public bool IsAway => Volatile.Read(ref _state) != Answering;

    /// <summary>The address of an operation here.</summary>
    /// <param name="path">Below the address, escaped.</param>
    public Uri At(string path) => new($"{Address.AbsoluteUri}{path}");

    /// <param name="nextProbe">The time from which on it may be asked whether it is back, in ticks of the clock.</param>
    /// <returns>Whether this is news.</returns>
    public bool MarkAway(long nextProbe)
    {
        Volatile.Write(ref _nextProbe, nextProbe);
        return Interlocked.CompareExchange(ref _state, Away, Answering) == Answering;
    }

    /// <summary>Says to one of the callers that it should ask whether the node is back.</summary>
    public bool BeginProbe(long now) => now >= Volatile.Read(ref _nextProbe) && Interlocked.CompareExchange(ref _state, Probed, Away) == Away;

    public void EndProbe(bool answers, long nextProbe)
    {
        Volatile.Write(ref _nextProbe, nextProbe);
        Volatile.Write(ref _state, answers ? Answering : Away);
    }

    public override string ToString() => Address.AbsoluteUri.TrimEnd('/');

    public static Uri WithSlash(Uri address) => new($"{address.AbsoluteUri.TrimEnd('/')}/");
}
