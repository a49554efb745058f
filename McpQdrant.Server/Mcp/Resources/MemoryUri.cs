using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Mcp.Resources;

/// <summary><c>memory://collection</c> or <c>memory://collection/id</c>, the collection percent-encoded.</summary>
/// <remarks>Read by hand: <see cref="Uri"/> would fold the collection's capitals, as it takes it for a host.</remarks>
internal sealed record MemoryUri(CollectionName Collection, MemoryId? Id)
{
    private const string Scheme = "memory://";

    public static bool IsMemoryUri(string uri) => uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="MemoryException">It is no such address.</exception>
    public static MemoryUri Parse(string uri)
    {
        var parts = uri[Scheme.Length..].Split('/', 2);
        var collection = CollectionName.Parse(Uri.UnescapeDataString(parts[0]));
        if (parts.Length == 1 || parts[1].Length == 0)
            return new MemoryUri(collection, null);

        return MemoryId.TryParse(Uri.UnescapeDataString(parts[1]), out var id)
            ? new MemoryUri(collection, id)
            : throw new MemoryException($"'{uri}' names no memory: after the collection comes an id from qdrant-find.");
    }

    public override string ToString() => $"{Scheme}{Uri.EscapeDataString(Collection.ToString())}{(Id is { } id ? $"/{id}" : "")}";
}
