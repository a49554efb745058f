using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats;
using McpQdrant.Server.Cli.Formats.Json;
using McpQdrant.Server.Cli.Memories;
using McpQdrant.Server.Cli.Output;

namespace McpQdrant.Server.Cli.Transfer;

/// <summary><c>import FILE</c>: stores memories from a file or folder of this program or another one.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "What `export` wrote, or a file or folder of another program, compressed or not; - for standard input." };
        var collection = new Option<string>("--collection", "-c") { Description = "Puts all memories into this collection, by its name in the store; without it they go where the file says.", HelpName = "NAME" };
        var onConflict = OnConflict();
        var prefix = new Option<string>("--prefix-metadata") { Description = "Put before the name of each field of the metadata.", HelpName = "PREFIX" };
        var map = new Option<string>("--map") { Description = "For JSON and CSV: which fields are the text, id, created, updated and metadata; the others become metadata.", HelpName = "text=FIELD,…" };
        var split = new Option<bool>("--split") { Description = "Makes a memory of each turn of a conversation, and of each heading of a note." };
        var dryRun = DryRun();
        var strict = new Option<bool>("--strict") { Description = "Stores nothing unless every line can be stored." };
        var json = MemoryOptions.Json();
        var command = new Command("import", "Stores the memories of a file or folder; what it is, it sees by itself. What is there already stays, so that an interrupted import is run again. Exit code 4: some lines were skipped.")
        {
            file, collection, map, split, onConflict, prefix, dryRun, strict, json,
        };
        command.Validators.Add(given =>
        {
            if (given.GetValue(strict) && given.GetValue(file) == ImportSource.Standard)
                given.AddError("--strict reads the file twice, which standard input can't be. Name a file.");
        });
        command.SetAction((result, settings, cancellationToken) => MaintenanceRun.RunAsync(
            result,
            settings,
            async (services, progress, stopping) =>
            {
                var options = new ImportOptions(FieldMap.Parse(result.GetValue(map)), result.GetValue(split));
                var input = await ImportFormats.RecogniseAsync(result.GetRequiredValue(file), options, stopping);
                if (input.Format != ImportInput.OwnFormat)
                    await result.InvocationConfiguration.Error.WriteLineAsync($"Reads it as {input.Format}.");
                return await services.GetRequiredService<ImportMemories>().HandleAsync(
                    Caller.Local,
                    new ImportMemoriesRequest(input.Entries, progress)
                    {
                        Collection = result.GetValue(collection) is { } name ? CollectionName.Parse(name) : null,
                        DefaultCollection = MemoryOptions.StandardInStore(settings),
                        OnConflict = OnConflictOf(result, onConflict),
                        MetadataPrefix = result.GetValue(prefix),
                        IsDryRun = result.GetValue(dryRun),
                        IsStrict = result.GetValue(strict),
                    },
                    stopping);
            },
            imported => Print(result.InvocationConfiguration, imported, result.GetValue(json), isRefused: imported.IsDryRun && !result.GetValue(dryRun)),
            cancellationToken));
        return command;
    }

    public static Option<string> OnConflict()
    {
        var onConflict = new Option<string>("--on-conflict")
        {
            Description = "What becomes of a memory whose id is taken by another content: keep what is there, replace it, or keep the newer one.",
            DefaultValueFactory = _ => "keep",
            HelpName = "keep|replace|newer",
        };
        onConflict.AcceptOnlyFromAmong("keep", "newer", "replace");
        return onConflict;
    }

    public static ImportConflict OnConflictOf(ParseResult result, Option<string> onConflict) => result.GetValue(onConflict) switch
    {
        "replace" => ImportConflict.Replace,
        "newer" => ImportConflict.Newer,
        _ => ImportConflict.Keep,
    };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Says what would be done, and stores nothing." };

    /// <param name="isRefused">Whether nothing was stored for the sake of what was skipped.</param>
    public static int Print(InvocationConfiguration console, ImportMemoriesResult imported, bool asJson, bool isRefused)
    {
        foreach (var skipped in imported.FirstSkipped)
            console.Error.WriteLine($"Skipped {skipped.Place}: {skipped.Reason}");
        if (imported.Skipped > imported.FirstSkipped.Count)
            console.Error.WriteLine($"Skipped {imported.Skipped - imported.FirstSkipped.Count:N0} more.");
        if (imported.Missing > 0)
            console.Error.WriteLine($"The file was to hold {UpgradeCollection.Counted(imported.Missing)} more: it was cut off, or they were deleted while it was written.");
        if (isRefused)
            throw new MemoryException("Nothing was stored, since --strict was given. Mend these lines, or leave --strict out.");

        if (asJson)
            JsonLine.Write(console.Output, json =>
            {
                json.WriteStartArray("collections");
                foreach (var name in imported.Collections)
                    json.WriteStringValue(name.ToString());
                json.WriteEndArray();
                json.WriteNumber("stored", imported.Stored);
                json.WriteNumber("replaced", imported.Replaced);
                json.WriteNumber("present", imported.Present);
                json.WriteNumber("kept", imported.Kept);
                json.WriteNumber("skipped", imported.Skipped);
                json.WriteNumber("expired", imported.Expired);
                json.WriteNumber("missing", imported.Missing);
                json.WriteBoolean("dry_run", imported.IsDryRun);
            });
        else
            console.Output.WriteLine(Sentence(imported));
        return imported.Skipped > 0 ? ExitCode.Partial : ExitCode.Success;
    }

    private static string Sentence(ImportMemoriesResult imported)
    {
        string[] parts =
        [
            $"{imported.Stored:N0} {(imported.IsDryRun ? "would be stored" : "stored")}",
            .. Part(imported.Replaced, imported.IsDryRun ? "would be replaced" : "replaced"),
            .. Part(imported.Present, "there already"),
            .. Part(imported.Kept, "kept as they are there (--on-conflict)"),
            .. Part(imported.Skipped, "skipped"),
            .. Part(imported.Expired, "left out since they have expired"),
        ];
        return $"{UpgradeCollection.Counted(imported.Read)} read{(imported.Collections.Count == 0 ? "" : $" for {string.Join(", ", imported.Collections.Select(name => $"'{name}'"))}")}: {string.Join(", ", parts)}.";

        static string[] Part(long count, string what) => count == 0 ? [] : [$"{count:N0} {what}"];
    }
}
