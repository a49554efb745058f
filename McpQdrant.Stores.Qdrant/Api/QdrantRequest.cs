using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>A call of the REST API, and what a failure of it is about.</summary>
/// <param name="Path">Below the server's address, escaped.</param>
internal sealed record QdrantRequest(HttpMethod Method, string Path)
{
    /// <summary>JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The collection it is about, for the sentences of failures.</summary>
    public CollectionName? Collection { get; init; }

    /// <summary>The one address that is to answer; null for the first that does.</summary>
    public Uri? OnlyAt { get; init; }

    /// <summary>The caller's filter within the body, which is what the server may object to.</summary>
    public Filter? Filter { get; init; }

    /// <param name="rest">The rest of the path, for instance <c>/points/query</c>.</param>
    public static QdrantRequest On(CollectionName collection, HttpMethod method, string rest, Action<Utf8JsonWriter>? body = null) =>
        new(method, $"collections/{Uri.EscapeDataString(collection.Value)}{rest}")
        {
            Collection = collection,
            Body = body is null ? default : QdrantJson.Write(writer =>
            {
                writer.WriteStartObject();
                body(writer);
                writer.WriteEndObject();
            }),
        };
}
