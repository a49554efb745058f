using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Memories;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Hosting.Configuration.Loading;

namespace McpQdrant.Server.Cli.Transfer;

/// <summary><c>copy --from URL|FOLDER --to URL|FOLDER</c>: takes memories from one store into another one.</summary>
internal static class CopyCommand
{
    public static Command Create()
    {
        var collections = new Argument<string[]>("collection") { Description = "Names in the store; none for all collections.", Arity = ArgumentArity.ZeroOrMore };
        var (from, fromKey) = (Store("--from", "Where memories come from"), KeyFile("--from-key-file"));
        var (to, toKey) = (Store("--to", "Where they go"), KeyFile("--to-key-file"));
        var (onConflict, dryRun, json) = (ImportCommand.OnConflict(), ImportCommand.DryRun(), MemoryOptions.Json());
        var command = new Command("copy", "Copies collections from one store into another one, and leaves the first as it is. Vectors are kept where the model in force made them. Exit code 4: some were skipped.")
        {
            collections, from, to, fromKey, toKey, onConflict, dryRun, json,
        };
        command.Validators.Add(given =>
        {
            if (given.GetResult(from) is null && given.GetResult(to) is null)
                given.AddError("Say where memories come from or where they go: --from or --to, a URL of Qdrant or a folder. The other one is the store of the settings.");
        });
        command.SetAction(async (result, settings, cancellationToken) =>
        {
            var (source, target) = (Side(settings, result, from, fromKey), Side(settings, result, to, toKey));
            if (StoreLocation.From(source).Equals(StoreLocation.From(target)))
                throw new MemoryException("--from and --to are the same store. Within a store, `reembed COLLECTION --to NEW` writes another collection.");
            if (StoreLocation.From(source) is StoreLocation.Folder { Path: var folder } && !Directory.Exists(folder))
                throw new MemoryException($"--from: there is no folder '{folder}'.");

            CollectionName[] names = [.. (result.GetValue(collections) ?? []).Select(CollectionName.Parse)];
            return await MaintenanceRun.RunAsync(
                result,
                target,
                async (services, progress, stopping) =>
                {
                    await using var ofSource = MaintenanceRun.Services(source);
                    var read = await ofSource.GetRequiredService<ReadCollections>().HandleAsync(Caller.Local, new ReadCollectionsRequest(names), stopping);
                    return await services.GetRequiredService<ImportMemories>().HandleAsync(
                        Caller.Local,
                        new ImportMemoriesRequest(read.Entries, progress) { OnConflict = ImportCommand.OnConflictOf(result, onConflict), IsDryRun = result.GetValue(dryRun) },
                        stopping);
                },
                copied => ImportCommand.Print(result.InvocationConfiguration, copied, result.GetValue(json), isRefused: false),
                cancellationToken);
        });
        return command;
    }

    private static Option<string> Store(string name, string what) => new(name)
    {
        Description = $"{what}: the address of a Qdrant, or the folder of an embedded store; without it the store of the settings.",
        HelpName = "URL|FOLDER",
    };

    private static Option<string> KeyFile(string name) => new(name) { Description = "A file with the key of that Qdrant. QDRANT_API_KEY is for the Qdrant of QDRANT_URL only.", HelpName = "FILE" };

    /// <summary>The settings, with memories kept where one side of the copy is.</summary>
    private static SettingValues Side(SettingValues settings, ParseResult result, Option<string> store, Option<string> keyFile)
    {
        try
        {
            var location = result.GetValue(store) is { } text ? Location(text) : StoreLocation.From(settings);
            // A key is for the server that it was set for.
            var key = result.GetValue(keyFile) is { } file ? SecretFile.Read(file)
                : location.Equals(StoreLocation.From(settings)) ? settings.Get(Settings.QdrantApiKey)
                : null;
            return settings.WithStore(location, key);
        }
        catch (SettingException wrong)
        {
            throw new MemoryException($"{store.Name}: {wrong.Message}", wrong);
        }
    }

    private static StoreLocation Location(string text) =>
        text.Contains("://", StringComparison.Ordinal) ? StoreLocation.UrlFormat.ReadTyped(text) : StoreLocation.PathFormat.ReadTyped(text);
}
