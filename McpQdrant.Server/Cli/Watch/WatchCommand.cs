using System.CommandLine;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Memories;
using McpQdrant.Server.Cli.Output;

namespace McpQdrant.Server.Cli.Watch;

/// <summary><c>watch FOLDER</c>: keeps a folder of Markdown or text in a collection, until it is stopped.</summary>
internal static class WatchCommand
{
    private const int StandardSeconds = 60;

    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "The folder of notes (.md, .markdown, .txt), with those below it." };
        var (collection, json) = (MemoryOptions.Collection(), MemoryOptions.Json());
        var name = new Option<string>("--name") { Description = "What the folder is called in the metadata of its memories; without it its path. One name for a folder that has another path on each machine.", HelpName = "NAME" };
        var split = new Option<bool>("--split") { Description = "Makes a memory of each heading." };
        var once = new Option<bool>("--once") { Description = "Looks at the folder once, and ends." };
        var interval = new Option<int>("--interval")
        {
            Description = "Looks at the folder after so many seconds also when the system tells of no change in it.",
            DefaultValueFactory = _ => StandardSeconds,
            HelpName = "SECONDS",
        };
        interval.Validators.Add(given =>
        {
            if (given.Tokens.Count > 0 && given.GetValueOrDefault<int>() is < 1 or > 86400)
                given.AddError("--interval takes seconds from 1 to 86400.");
        });
        var command = new Command("watch", "Keeps a folder of Markdown or text in a collection: new files are stored, changed ones replaced, removed ones forgotten, renamed ones kept. Exit code 4: with --once, some files were skipped.")
        {
            folder, collection, name, split, once, interval, json,
        };
        command.SetAction((result, settings, cancellationToken) =>
        {
            var path = Path.GetFullPath(result.GetRequiredValue(folder));
            if (!Directory.Exists(path))
                throw new MemoryException($"There is no folder {path}.");
            var asked = MemoryOptions.CollectionOf(result, collection, settings);
            var inStore = MemoryOptions.InStore(asked, settings);
            var called = result.GetValue(name) ?? path;
            var printer = new Printer(result.InvocationConfiguration, result.GetValue(json));
            return MaintenanceRun.RunAsync(
                result,
                settings,
                async (services, progress, stopping) =>
                {
                    var sync = new FolderSync(
                        services.GetRequiredService<ListCollections>(),
                        services.GetRequiredService<ReadCollections>(),
                        services.GetRequiredService<ImportMemories>(),
                        services.GetRequiredService<ForgetMemories>(),
                        (asked, inStore),
                        called,
                        progress);
                    var watched = new WatchedFolder(path, called, result.GetValue(split));
                    if (result.GetValue(once))
                        return await LookAsync(watched, sync, printer, stopping);

                    await WatchAsync(path, TimeSpan.FromSeconds(result.GetValue(interval)), () => LookAsync(watched, sync, printer, stopping), printer, stopping);
                    return ExitCode.Success;
                },
                code => code,
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> LookAsync(WatchedFolder folder, FolderSync sync, Printer printer, CancellationToken cancellationToken)
    {
        var content = folder.Read(cancellationToken);
        var (changes, skipped) = await sync.RunAsync(content, cancellationToken);
        return printer.Print(content, changes, skipped) ? ExitCode.Partial : ExitCode.Success;
    }

    /// <summary>Ends when somebody stops it. A look that fails is tried again at the next one.</summary>
    private static async Task WatchAsync(string path, TimeSpan interval, Func<Task<int>> look, Printer printer, CancellationToken cancellationToken)
    {
        using var events = new FolderEvents(path, interval, TimeProvider.System);
        if (events.Failure is { } failure)
            printer.Warn($"The system doesn't tell of changes in {path} ({failure.TrimEnd('.')}): they are seen every {interval.TotalSeconds:N0} seconds.");
        var isFirst = true;
        try
        {
            while (true)
            {
                try
                {
                    await look();
                    if (isFirst)
                        printer.Warn($"Watching {path}. Ctrl-C ends it.");
                    isFirst = false;
                }
                catch (MemoryException wrong) when (!isFirst)
                {
                    printer.Warn(wrong.Message);
                }
                await events.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Somebody stopped it, which is how it ends.
        }
    }

    private sealed class Printer(InvocationConfiguration console, bool asJson)
    {
        private readonly Dictionary<string, string> _told = [];

        public void Warn(string sentence) => console.Error.WriteLine(sentence);

        /// <returns>Whether a file was skipped.</returns>
        public bool Print(FolderContent content, FolderChanges changes, IReadOnlyList<ImportEntry.Unreadable> skipped)
        {
            var refused = skipped.Select(one => one.Place).ToHashSet();
            foreach (var note in changes.New.Where(note => !refused.Contains(note.Key.Path)))
                Print("stored", note.Key.Path);
            foreach (var (note, _) in changes.Changed.Where(change => !refused.Contains(change.Note.Key.Path)))
                Print("replaced", note.Key.Path);
            foreach (var (note, _, from) in changes.Moved)
                Print("moved", note.Key.Path, from);
            foreach (var (_, path) in changes.Gone)
                Print("forgot", path);

            // Each once, and again when it is another one.
            foreach (var (path, reason) in content.Unreadable.Concat(skipped.Select(one => KeyValuePair.Create(one.Place, one.Reason))))
            {
                if (!_told.TryGetValue(path, out var told) || told != reason)
                    Warn($"Skipped {path}: {reason}");
                _told[path] = reason;
            }
            return content.Unreadable.Count + skipped.Count > 0;
        }

        private void Print(string what, string path, string? from = null)
        {
            if (asJson)
                JsonLine.Write(console.Output, json =>
                {
                    json.WriteString("event", what);
                    json.WriteString("path", path);
                    if (from is not null)
                        json.WriteString("from", from);
                });
            else
                console.Output.WriteLine(from is null ? $"{what} {CellText.Printable(path)}" : $"{what} {CellText.Printable(from)} to {CellText.Printable(path)}");
        }
    }
}
