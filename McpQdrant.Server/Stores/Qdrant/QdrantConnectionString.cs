using System.Data.Common;

namespace McpQdrant.Server.Stores.Qdrant;

/// <summary>Reads what Aspire injects for a Qdrant resource: <c>Endpoint=http://host:port;Key=…</c>.</summary>
/// <param name="Endpoint">The address as it stands there; in <c>ConnectionStrings__qdrant</c> the gRPC one, in <c>…_http</c> the REST one.</param>
internal sealed record QdrantConnectionString(string Endpoint, string? Key)
{
    /// <returns>Null where the text is no such connection string.</returns>
    public static QdrantConnectionString? Parse(string text)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            return null;
        }

        return parts.TryGetValue("Endpoint", out var endpoint) && endpoint is string { Length: > 0 } address
            ? new QdrantConnectionString(address, parts.TryGetValue("Key", out var key) && key is string { Length: > 0 } secret ? secret : null)
            : null;
    }
}
