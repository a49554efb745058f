using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Expiry;

namespace McpQdrant.Server.Cli;

/// <summary><c>expire [COLLECTION]</c>: removes what has expired now, as a server does every hour.</summary>
internal static class ExpireCommand
{
    public static Command Create()
    {
        var collection = new Argument<string?>("collection") { Description = "The collection's name in the store; without it all.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("expire", "Removes memories that have expired. Nobody finds them any more, and servers remove them every hour; this does it now.") { collection };
        command.SetAction((result, settings, cancellationToken) => MaintenanceRun.RunAsync(
            result,
            settings,
            async (services, _, stopping) =>
            {
                var request = new ExpireMemoriesRequest(result.GetValue(collection) is { } name ? CollectionName.Parse(name) : null);
                var removed = (await services.GetRequiredService<ExpireMemories>().HandleAsync(Caller.Local, request, stopping)).Touched.Count;
                return removed == 1 ? "Removed 1 memory that had expired." : $"Removed {removed} memories that had expired.";
            },
            cancellationToken));
        return command;
    }
}
