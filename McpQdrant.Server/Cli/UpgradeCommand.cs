using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;

namespace McpQdrant.Server.Cli;

/// <summary><c>upgrade COLLECTION</c>: makes a collection that is there searchable by words too.</summary>
internal static class UpgradeCommand
{
    public static Command Create()
    {
        var collection = new Argument<string>("collection") { Description = "The collection's name in the store." };
        var command = new Command(
            "upgrade", "Makes an existing collection searchable by words as well as by meaning, in place (Qdrant from 1.18 on). Changes nothing else; run again, it goes on.")
        {
            collection,
        };
        command.SetAction((result, settings, cancellationToken) => MaintenanceRun.RunAsync(
            result,
            settings,
            (services, progress, stopping) => services.GetRequiredService<UpgradeCollection>().HandleAsync(
                Caller.Local, new UpgradeCollectionRequest(CollectionName.Parse(result.GetRequiredValue(collection)), progress), stopping),
            cancellationToken));
        return command;
    }
}
