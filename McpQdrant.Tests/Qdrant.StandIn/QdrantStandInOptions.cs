using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace McpQdrant.Tests.Qdrant;

internal sealed class QdrantStandInOptions
{
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>What it serves, where several serve the same as the nodes of a cluster do; null for something of its own.</summary>
    public StandInApi? Shared { get; init; }

    /// <summary>A file that keeps what is written; null to forget it at the end.</summary>
    public string? StoragePath { get; init; }

    /// <summary>What each key may do; empty for a server that asks for none.</summary>
    public IReadOnlyDictionary<string, StandInAccess> Keys { get; init; } = new Dictionary<string, StandInAccess>();

    /// <summary>Serves TLS with this certificate; null for plain HTTP.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The path that a proxy would serve it under, for instance <c>/qdrant</c>.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>Looks at each request first, and says whether it has dealt with it: for faults.</summary>
    public Func<HttpContext, Task<bool>>? Before { get; init; }
}
