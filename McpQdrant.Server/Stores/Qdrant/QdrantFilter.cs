using System.Text.Json;
using McpQdrant.Server.Filters;

namespace McpQdrant.Server.Stores.Qdrant;

/// <summary>A caller's filter on its way into a request.</summary>
internal static class QdrantFilter
{
    public static void Write(Utf8JsonWriter writer, Filter? filter)
    {
        if (filter is null)
            return;

        writer.WritePropertyName("filter");
        filter.Json.WriteTo(writer);
    }
}
