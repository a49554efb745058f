using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;

namespace McpQdrant.Server.Cli;

/// <summary><c>reembed COLLECTION</c>: gives the memories of a collection vectors of the model in force.</summary>
internal static class ReembedCommand
{
    public static Command Create()
    {
        var collection = new Argument<string>("collection") { Description = "The collection's name in the store." };
        var to = new Option<string>("--to") { Description = "Writes them into another collection, which is made if need be." };
        var inPlace = new Option<bool>("--in-place") { Description = "Adds a second vector to each in this collection (Qdrant from 1.18 on)." };
        var command = new Command(
            "reembed", "Embeds a collection's memories with the model in force. The old vectors stay as they are; run again, it goes on.")
        {
            collection, to, inPlace,
        };
        command.Validators.Add(given =>
        {
            if (given.GetResult(to) is null == given.GetResult(inPlace) is null)
                given.AddError("Say where the new vectors go: --to NEW for another collection, or --in-place.");
        });
        command.SetAction((result, settings, cancellationToken) => MaintenanceRun.RunAsync(
            result,
            settings,
            (services, progress, stopping) =>
            {
                var name = CollectionName.Parse(result.GetRequiredValue(collection));
                return result.GetValue(to) is { } target
                    ? services.GetRequiredService<CopyCollection>().HandleAsync(Caller.Local, new CopyCollectionRequest(name, CollectionName.Parse(target), progress), stopping)
                    : services.GetRequiredService<ReembedCollection>().HandleAsync(Caller.Local, new ReembedCollectionRequest(name, progress), stopping);
            },
            cancellationToken));
        return command;
    }
}
