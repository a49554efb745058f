using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Backup;
using McpQdrant.Core.Collections;
using McpQdrant.Server.Cli.Output;
using McpQdrant.Server.Mcp;

namespace McpQdrant.Server.Cli.Backup;

/// <summary><c>backup FOLDER</c>: copies the whole store, while servers run.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Where backups are kept. Each gets a folder in it, named by its time." };
        var keep = new Option<int?>("--keep") { Description = "Removes older backups, but for this many of the newest.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("backup", "Copies all memories into files with checksums, while servers run. `restore` puts them back.") { folder, keep, json };
        command.Validators.Add(given =>
        {
            if (given.GetValue(keep) < 1)
                given.AddError("--keep: give 1 or more, since the backup that is made now stays.");
        });
        command.SetAction((result, settings, cancellationToken) => MaintenanceRun.RunAsync(
            result,
            settings,
            (services, progress, stopping) => services.GetRequiredService<BackUpStore>().HandleAsync(
                Caller.Local, new BackUpStoreRequest(result.GetRequiredValue(folder), McpServices.Version, progress) { Keep = result.GetValue(keep) }, stopping),
            backup => Print(result.InvocationConfiguration.Output, backup, result.GetValue(json)),
            cancellationToken));
        return command;
    }

    private static int Print(TextWriter output, BackUpStoreResult backup, bool asJson)
    {
        if (asJson)
            JsonLine.Write(output, json =>
            {
                json.WriteString("folder", backup.Folder);
                json.WriteNumber("memories", backup.Manifest.Memories);
                json.WriteNumber("bytes", backup.Manifest.Files.Sum(file => file.Bytes));
                json.WriteStartArray("removed");
                foreach (var name in backup.Removed)
                    json.WriteStringValue(name);
                json.WriteEndArray();
            });
        else
        {
            output.WriteLine($"Backed up {UpgradeCollection.Counted(backup.Manifest.Memories)} into {backup.Folder}.");
            if (backup.Removed.Count > 0)
                output.WriteLine($"Removed {(backup.Removed.Count == 1 ? "1 older backup" : $"{backup.Removed.Count} older backups")}.");
        }
        return ExitCode.Success;
    }
}
