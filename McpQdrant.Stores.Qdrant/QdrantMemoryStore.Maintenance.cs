using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;
using McpQdrant.Stores.Qdrant.Api;
using McpQdrant.Stores.Qdrant.Mapping;

namespace McpQdrant.Stores.Qdrant;

/// <content>What changes a collection in place.</content>
internal sealed partial class QdrantMemoryStore : ICollectionMaintenance, IStoreInspection
{
    private static readonly Version AddingVectorsSince = new(1, 18);

    public async Task<string> InspectAsync(CancellationToken cancellationToken)
    {
        // The version is told without a key, the collections are not.
        var version = await client.ReadVersionAsync(cancellationToken);
        var collections = await ListAsync(cancellationToken);
        var old = version < KeywordsSince ? $" It is too old to search by words: versions from {KeywordsSince} on can." : "";
        return $"Qdrant {version?.ToString() ?? "of a version that it doesn't tell"} at {string.Join(" or ", options.Addresses.Select(address => address.GetLeftPart(UriPartial.Path).TrimEnd('/')))} answers and lets this server in; it has {collections.Count} collection(s).{old}";
    }

    public async Task<ClusterReport?> InspectClusterAsync(CancellationToken cancellationToken) =>
        await new QdrantClusterInspection(client, options).RunAsync(await ListAsync(cancellationToken), cancellationToken);

    public async Task RequireAddingVectorsAsync(CancellationToken cancellationToken)
    {
        if (await client.ReadVersionAsync(cancellationToken) is { } version && version < AddingVectorsSince)
            throw CannotAddVectors($", version {version},");
    }

    public Task AddSparseVectorAsync(CollectionName collection, string name, CancellationToken cancellationToken) =>
        AddVectorAsync(collection, name, writer =>
        {
            writer.WritePropertyName("sparse");
            QdrantCollection.WriteSparse(writer);
        }, cancellationToken);

    public Task AddDenseVectorAsync(CollectionName collection, VectorInfo vector, CancellationToken cancellationToken) =>
        AddVectorAsync(collection, vector.Name, writer => QdrantCollection.WriteVector(writer, vector with { Name = "dense" }, options.OnDisk), cancellationToken);

    public Task<long> CountMissingAsync(CollectionLayout collection, string vectorName, CancellationToken cancellationToken) =>
        client.ReadAsync(
            QdrantRequest.On(collection.Name, HttpMethod.Post, "/points/count", writer =>
            {
                WriteLacking(writer, "filter", vectorName);
                writer.WriteBoolean("exact", true);
            }),
            result => result.GetProperty("count").GetInt64(),
            cancellationToken);

    public async IAsyncEnumerable<Memory> ReadMissingAsync(
        CollectionLayout collection, string vectorName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = ReadPagesAsync(collection, writer => WriteLacking(writer, "filter", vectorName), filter: null, withVectors: false, cancellationToken);
        await foreach (var point in pages)
            yield return client.Shape(() => QdrantPoint.Read(point, collection));
    }

    public Task FillVectorsAsync(
        CollectionLayout collection, string vectorName, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken) =>
        FillAsync(collection, vectorName, [.. memories.Where(memory => memory.Vector is not null)], memory => memory.Memory.Id, memory => memory.Memory.Revision,
            (writer, memory) => QdrantPoint.WriteVector(writer, memory.Vector!), cancellationToken);

    public IAsyncEnumerable<Memory> ReadWithoutPassagesAsync(CollectionLayout collection, CancellationToken cancellationToken) =>
        ReadMissingAsync(collection, collection.PassageVectorName!, cancellationToken);

    public Task FillPassagesAsync(CollectionLayout collection, IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken) =>
        FillAsync(collection, collection.PassageVectorName!, memories, memory => memory.Memory.Id, memory => memory.Memory.Revision,
            (writer, memory) => QdrantPoint.WriteRows(writer, memory.Passages), cancellationToken);

    public Task FillKeywordsAsync(CollectionLayout collection, IReadOnlyList<Memory> memories, CancellationToken cancellationToken) =>
        FillAsync(collection, CollectionLayout.KeywordVectorName, memories, memory => memory.Id, memory => memory.Revision,
            (writer, memory) => QdrantPoint.WriteKeywords(writer, memory.Text, collection.Keywords ?? Bm25Options.Default), cancellationToken);

    public Task RewriteKeywordsAsync(CollectionLayout collection, IReadOnlyList<Memory> memories, CancellationToken cancellationToken) =>
        FillAsync(collection, CollectionLayout.KeywordVectorName, memories, memory => memory.Id, memory => memory.Revision,
            (writer, memory) => QdrantPoint.WriteKeywords(writer, memory.Text, collection.Keywords ?? Bm25Options.Default), cancellationToken, replaces: true);

    public Task WriteMetadataAsync(CollectionName collection, string key, JsonElement value, CancellationToken cancellationToken) =>
        client.ChangeAsync(
            QdrantRequest.On(collection, HttpMethod.Patch, "", writer => QdrantCollection.WriteNote(writer, key, value)), cancellationToken);

    private async Task AddVectorAsync(CollectionName collection, string name, Action<Utf8JsonWriter> vector, CancellationToken cancellationToken)
    {
        try
        {
            await client.WriteAsync(
                QdrantRequest.On(collection, HttpMethod.Put, $"/vectors/{Uri.EscapeDataString(name)}?wait=true", vector), cancellationToken);
        }
        catch (QdrantRefusal refusal) when (refusal is { Status: HttpStatusCode.NotFound, Reason: "" })
        {
            throw CannotAddVectors("", refusal);
        }
    }

    private static MemoryException CannotAddVectors(string version, Exception? refusal = null) =>
        new($"This Qdrant server{version} can't add a vector to a collection that is there; versions from {AddingVectorsSince} on can. Upgrade it.", refusal);

    /// <summary>Writes one vector of each. One missing point would fail its whole batch, so a batch that fails so is halved until it stands alone.</summary>
    /// <param name="replaces">Whether memories that have that vector get another one.</param>
    private async Task FillAsync<T>(
        CollectionLayout collection, string vectorName, IReadOnlyList<T> memories, Func<T, MemoryId> idOf, Func<T, MemoryRevision> revisionOf,
        Action<Utf8JsonWriter, T> writeVector, CancellationToken cancellationToken, bool replaces = false)
    {
        try
        {
            foreach (var points in QdrantBatch.Of(memories, WritePoint))
                await client.WriteAsync(QdrantRequest.On(collection.Name, HttpMethod.Put, "/points/vectors?wait=true", writer =>
                {
                    points.Write(writer);
                    // A memory that was changed since it was read has another text, which these vectors weren't made of.
                    WriteLacking(writer, "update_filter", replaces ? null : vectorName, [.. memories.Select(revisionOf)]);
                }), cancellationToken);
        }
        catch (QdrantRefusal refusal) when (refusal.Status == HttpStatusCode.NotFound && refusal.Reason.StartsWith("Not found: No point", StringComparison.Ordinal))
        {
            if (memories.Count == 1)
                return;

            var half = memories.Count / 2;
            await FillAsync(collection, vectorName, [.. memories.Take(half)], idOf, revisionOf, writeVector, cancellationToken, replaces);
            await FillAsync(collection, vectorName, [.. memories.Skip(half)], idOf, revisionOf, writeVector, cancellationToken, replaces);
        }

        void WritePoint(Utf8JsonWriter writer, T memory)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("id");
            QdrantPoint.WriteId(writer, idOf(memory));
            writer.WriteStartObject("vector");
            writer.WritePropertyName(vectorName);
            writeVector(writer, memory);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    /// <param name="vectorName">The vector that is lacking; null for none.</param>
    /// <param name="read">Of the memories to be changed; null where nothing was read yet.</param>
    private static void WriteLacking(Utf8JsonWriter writer, string name, string? vectorName, IReadOnlyList<MemoryRevision>? read = null)
    {
        writer.WriteStartObject(name);
        if (read is not null)
        {
            writer.WriteStartArray("must");
            QdrantRevision.WriteAnyOf(writer, read);
            writer.WriteEndArray();
        }
        if (vectorName is not null)
        {
            writer.WriteStartArray("must_not");
            writer.WriteStartObject();
            writer.WriteString("has_vector", vectorName);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }
}
