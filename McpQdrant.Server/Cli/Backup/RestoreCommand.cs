using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Backup;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Json;

namespace McpQdrant.Server.Cli.Backup;

/// <summary><c>restore FOLDER</c>: puts a backup back, after it was found to be whole.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "A backup's folder, or the one that backups are kept in: then the newest of them." };
        var replace = new Option<bool>("--replace") { Description = "Replaces what is there, which is lost. Without it nothing is restored where there are memories." };
        var command = new Command("restore", "Puts a backup into the store. Stop the servers of an embedded store first.") { folder, replace };
        command.SetAction((result, settings, cancellationToken) => MaintenanceRun.RunAsync(
            result,
            settings,
            (services, progress, stopping) => services.GetRequiredService<RestoreStore>().HandleAsync(
                Caller.Local, new RestoreStoreRequest(result.GetRequiredValue(folder), progress) { MayReplace = result.GetValue(replace) }, stopping),
            restored =>
            {
                result.InvocationConfiguration.Output.WriteLine(
                    $"Restored {UpgradeCollection.Counted(restored.Manifest.Memories)} from {restored.Folder}, as they were at {Rfc3339.Write(restored.Manifest.Created)}." +
                    $"{(restored.Replaced.Count == 0 ? "" : $" Replaced {string.Join(", ", restored.Replaced)}.")} Look at it with `mcp-server-qdrant doctor`.");
                return ExitCode.Success;
            },
            cancellationToken));
        return command;
    }
}
