using System.Text.Json;
using McpQdrant.Core.Search.Filters;

namespace McpQdrant.Tests.Stores.Qdrant;

/// <summary>Filters as they stand, unread: to see what happens to one that only Qdrant finds fault with.</summary>
internal static class RawFilter
{
    public static Filter Of(JsonElement json) => new() { Source = json };
}
