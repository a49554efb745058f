using McpQdrant.Core.Access;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Ports;

namespace McpQdrant.Core.Collections;

/// <summary>Asks for the vectors of the configured model beside those that are there.</summary>
/// <param name="Name">The collection's name in the store, prefix included.</param>
/// <param name="Progress">Hears how far it is.</param>
public sealed record ReembedCollectionRequest(CollectionName Name, IProgress<BackfillProgress> Progress);

/// <summary>Adds vectors of the configured model to a collection that another model wrote, beside the old ones, which stay.</summary>
/// <param name="maintenance">Null where the store can't.</param>
/// <remarks>
/// Until every memory has the new vector, a note keeps servers with the new model from searching by it, and those with the old model go on;
/// then the collection is noted as the new model's. An interrupted run is resumed by another one.
/// </remarks>
public sealed class ReembedCollection(
    UseCaseGuard guard, IMemoryStore store, EmbeddingModels models, CollectionDefaults defaults, PassageBackfill passages, ICollectionMaintenance? maintenance = null)
    : IUseCase<ReembedCollectionRequest, string>
{
    /// <summary>Memories between two reports of progress.</summary>
    private const int BatchSize = 100;

    /// <summary>Servers with the old model may write meanwhile; what they wrote is caught up with this often.</summary>
    private const int MaxRounds = 3;

    private static readonly Operation Operation = new("reembed", Rights.Write | Rights.Administer);

    /// <inheritdoc/>
    /// <returns>A sentence that says what was done.</returns>
    /// <exception cref="MemoryException">There is no such collection, the store can't, or the new vector's name is taken.</exception>
    public Task<string> HandleAsync(Caller caller, ReembedCollectionRequest request, CancellationToken cancellationToken) =>
        guard.RunAsync(caller, Operation, request.Name, () => ReembedAsync(request.Name, request.Progress, cancellationToken), cancellationToken);

    private async Task<string> ReembedAsync(CollectionName name, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        var identity = await models.Default.IdentifyAsync(cancellationToken);
        var info = await store.DescribeAsync(name, cancellationToken) ?? throw new MemoryException(UpgradeCollection.Absent(name));
        if (maintenance is null)
            throw new MemoryException($"The embedded store keeps one vector a memory. Write another collection: reembed {name} --to another name.");

        var notes = CollectionMetadata.Read(info.Metadata);
        var layout = CollectionLayoutResolver.ResolveForReading(info, defaults.DocumentField, MemoryScope.Everything);
        if (await IsDoneAsync(maintenance, info, notes, layout, identity, cancellationToken))
            return $"Nothing to do: every memory of '{name}' has its vector of {identity.Model}, and that is the one in use.";

        await PrepareAsync(maintenance, info, notes, identity, cancellationToken);
        await maintenance.AddDenseVectorAsync(name, new VectorInfo(identity.PassageVectorName, identity.Dimensions, Distance.Cosine, IsMultivector: true), cancellationToken);
        await passages.RunAsync(new UsableCollection(layout with { PassageVectorName = identity.PassageVectorName }, identity, models.Default), progress, cancellationToken);
        var (filled, withoutText) = await FillAsync(maintenance, layout, identity, progress, cancellationToken);
        await maintenance.WriteMetadataAsync(name, CollectionMetadata.BackfillKey, CollectionMetadata.BackfillValue(null), cancellationToken);
        await maintenance.WriteMetadataAsync(name, CollectionMetadata.Key, new CollectionMetadata(identity, notes?.Keywords ?? layout.Keywords).ToJson(), cancellationToken);

        var total = await store.CountAsync(layout, filter: null, cancellationToken);
        var textless = withoutText == 0 ? "" : $" {withoutText:N0} have no text and are not found by meaning.";
        return $"All {UpgradeCollection.Counted(total)} of '{name}' have a vector of {identity.Model} ({filled:N0} filled now).{textless} The old vectors are as they were. " +
            "Restart the servers with the new model; what others store until then lacks its vector, so run this once more afterwards.";
    }

    private static async Task<bool> IsDoneAsync(
        ICollectionMaintenance server, CollectionInfo info, CollectionMetadata? notes, CollectionLayout layout, EmbeddingIdentity identity, CancellationToken cancellationToken) =>
        info.Vectors.Any(vector => vector.Name == identity.VectorName)
        && notes?.Model.IsSameAs(identity) != false
        && CollectionMetadata.PendingBackfill(info.Metadata) is null
        && await server.CountMissingAsync(layout, identity.VectorName, cancellationToken) == 0;

    private static async Task PrepareAsync(
        ICollectionMaintenance server, CollectionInfo info, CollectionMetadata? notes, EmbeddingIdentity identity, CancellationToken cancellationToken)
    {
        if (CollectionMetadata.PendingBackfill(info.Metadata) is { } filling && filling != identity.VectorName)
            throw new MemoryException(
                $"A vector '{filling}' is being added to '{info.Name}' and not finished. Run reembed with that model to its end first, or remove that vector.");
        if (info.Vectors.FirstOrDefault(vector => vector.Name == identity.VectorName) is { } there)
        {
            var isOfAnotherScheme = notes is not null && notes.Model.VectorName == identity.VectorName && !notes.Model.IsSameAs(identity);
            if (isOfAnotherScheme || there.IsMultivector || there.Size != identity.Dimensions)
                throw new MemoryException(
                    $"Collection '{info.Name}' has a vector '{there.Name}' already, and {identity.Model} as it is set up now can't write to it. Write another collection: reembed {info.Name} --to another name.");
            return;
        }

        await server.RequireAddingVectorsAsync(cancellationToken);
        await server.WriteMetadataAsync(info.Name, CollectionMetadata.BackfillKey, CollectionMetadata.BackfillValue(identity.VectorName), cancellationToken);
        await server.AddDenseVectorAsync(info.Name, new VectorInfo(identity.VectorName, identity.Dimensions, Distance.Cosine), cancellationToken);
    }

    /// <returns>How many were filled, and how many have no text to be embedded.</returns>
    private async Task<(long Filled, long WithoutText)> FillAsync(
        ICollectionMaintenance server, CollectionLayout layout, EmbeddingIdentity identity, IProgress<BackfillProgress> progress, CancellationToken cancellationToken)
    {
        var filled = 0L;
        var lacking = await server.CountMissingAsync(layout, identity.VectorName, cancellationToken);
        var total = lacking;
        for (var round = 0; round < MaxRounds; round++)
        {
            var withoutText = 0L;
            await foreach (var memories in server.ReadMissingAsync(layout, identity.VectorName, cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
            {
                var worded = memories.Where(memory => !string.IsNullOrWhiteSpace(memory.Text)).ToArray();
                var embeddings = await models.Default.EmbedDocumentsAsync([.. worded.Select(memory => memory.Text)], cancellationToken);
                await server.FillVectorsAsync(
                    layout, identity.VectorName, [.. worded.Zip(embeddings, (memory, embedding) => new StoredMemory(memory, embedding.Vector))], cancellationToken);
                filled += worded.Length;
                withoutText += memories.Length - worded.Length;
                progress.Report(new BackfillProgress(filled, Math.Max(filled, total)));
            }

            lacking = await server.CountMissingAsync(layout, identity.VectorName, cancellationToken);
            if (lacking <= withoutText)
                return (filled, withoutText);
        }

        throw new MemoryException(
            $"{UpgradeCollection.Counted(lacking)} of '{layout.Name}' still lack their new vector: others go on writing. Run this again; the old vectors are in use until it is done.");
    }
}
