using System.Net;
using System.Text.RegularExpressions;

namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>Errors of a cluster that is between two states: a shard moves, a node has just died or come back, no leader is chosen yet.</summary>
/// <remarks>
/// They pass within seconds, and the next node may not have them at all. Every request may be repeated then: reads change nothing, and writes carry their ids
/// and conditions, so that what took effect once has no effect the second time.
/// </remarks>
internal static partial class QdrantTransition
{
    public static async ValueTask<bool> IsSeenInAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        answer.StatusCode == HttpStatusCode.InternalServerError && Reason().IsMatch(await answer.Content.ReadAsStringAsync(cancellationToken));

    /// <summary>Qdrant's words, which its source has; "Local shard 1 not found" was also seen.</summary>
    [GeneratedRegex(
        "Local shard .* not found|no active replica|leader is not established|consensus operation commit failed|[Ss]hard transfer|Tonic status error: code: 'The service is currently unavailable'")]
    public static partial Regex Reason();
}
