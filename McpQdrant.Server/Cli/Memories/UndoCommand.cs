using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Cli.Output;

namespace McpQdrant.Server.Cli.Memories;

/// <summary><c>undo CHANGE…</c>, or <c>undo --since TIME --by CALLER</c>: shows what memories would be again, asks, and brings them back.</summary>
internal static class UndoCommand
{
    /// <summary>Memories that a preview shows, so that it can be read.</summary>
    private const int MaxShown = 20;

    public static Command Create()
    {
        var ids = new Argument<string[]>("change") { Description = "Ids of changes, from log, or from the answers of update and forget.", Arity = ArgumentArity.ZeroOrMore };
        var (memory, by, since, collection, json) =
            (MemoryOptions.OfMemory(), MemoryOptions.By(), MemoryOptions.Since(), MemoryOptions.CollectionInStore(), MemoryOptions.Json());
        var yes = new Option<bool>("--yes", "-y") { Description = "Doesn't ask." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only shows what would be undone." };
        var command = new Command("undo", "Brings memories back to what they were before changes, whoever made them. Exit code 3: there are no such changes.")
        {
            ids, since, by, memory, collection, yes, dryRun, json,
        };
        command.Validators.Add(given =>
        {
            var hasIds = given.GetResult(ids) is { Tokens.Count: > 0 };
            if (hasIds == (given.GetResult(since) is not null || given.GetResult(by) is not null || given.GetResult(memory) is not null))
                given.AddError("Say what to undo: ids of changes, or --since, --by or --memory.");
        });
        command.SetAction((result, settings, cancellationToken) =>
        {
            var console = result.InvocationConfiguration;
            var request = new UndoChangesRequest([.. (result.GetValue(ids) ?? []).Select(IdOf)])
            {
                Memory = MemoryOptions.IdOf(result, memory),
                By = result.GetValue(by),
                Since = result.GetValue(since),
                Collection = MemoryOptions.InStoreOf(result, collection),
            };
            return MaintenanceRun.RunAsync(
                result,
                settings,
                (services, _, stopping) => UndoAsync(services.GetRequiredService<UndoChanges>(), console, request, result.GetValue(yes), result.GetValue(dryRun), stopping),
                undone => Print(console, undone, result.GetValue(dryRun), result.GetValue(json)),
                cancellationToken);
        });
        return command;
    }

    private static async Task<UndoChangesResult> UndoAsync(
        UndoChanges undo, InvocationConfiguration console, UndoChangesRequest request, bool isConfirmed, bool isDryRun, CancellationToken cancellationToken)
    {
        if (isConfirmed && !isDryRun)
            return await undo.HandleAsync(Caller.Local, request, cancellationToken);

        var preview = await undo.HandleAsync(Caller.Local, request with { IsPreview = true }, cancellationToken);
        var count = preview.Count(UndoOutcome.Undone) + preview.Count(UndoOutcome.PartlyUndone);
        if (count > 0)
            Show(console.Error, preview);
        if (isDryRun || count == 0)
            return preview;

        var question = $"{Counted(preview.Changes.Count)} of {UpgradeCollection.Counted(count)}";
        Question.Ask(console, $"Undo {question}?", $"This would undo {question}, and nothing was changed. Give --yes to undo it.");
        // What came since was not shown.
        return await undo.HandleAsync(Caller.Local, request with { Changes = preview.Changes }, cancellationToken);
    }

    private static void Show(TextWriter error, UndoChangesResult preview)
    {
        var terminal = Terminal.Of(error);
        var shown = 0;
        foreach (var collection in preview.Collections)
        {
            foreach (var memory in collection.Memories.Where(memory => memory.Outcome is UndoOutcome.Undone or UndoOutcome.PartlyUndone))
            {
                if (shown++ == MaxShown)
                {
                    error.WriteLine("  …");
                    return;
                }
                var becomes = memory.Now is { } now ? $"becomes: {CellText.Printable(now.Text)}" : "is deleted, as it wasn't there";
                error.WriteLine(CellText.Fit($"  {collection.Name}  {memory.Id}  {becomes}", terminal.Width));
            }
        }
    }

    private static int Print(InvocationConfiguration console, UndoChangesResult undone, bool isDryRun, bool asJson)
    {
        if (asJson)
            JsonLine.Write(console.Output, json =>
            {
                json.WriteNumber("undone", undone.Count(UndoOutcome.Undone));
                json.WriteNumber("partly_undone", undone.Count(UndoOutcome.PartlyUndone));
                json.WriteNumber("already_as_before", undone.Count(UndoOutcome.AlreadyAsBefore));
                json.WriteNumber("changed_since", undone.Count(UndoOutcome.ChangedSince));
                json.WriteStartArray("changes");
                foreach (var change in undone.Collections.Select(collection => collection.UndoneBy).OfType<ChangeId>())
                    json.WriteStringValue(change.ToString());
                json.WriteEndArray();
                json.WriteBoolean("dry_run", isDryRun);
            });
        else
            WriteText(console.Output, undone, isDryRun);

        if (undone.Changes.Count > 0)
            return ExitCode.Success;
        console.Error.WriteLine("The log has no such change, so nothing was undone.");
        return ExitCode.NotFound;
    }

    private static void WriteText(TextWriter output, UndoChangesResult undone, bool isDryRun)
    {
        foreach (var collection in undone.Collections.Where(collection => isDryRun || collection.UndoneBy is not null))
        {
            if (collection.Memories.LongCount(memory => memory.Outcome == UndoOutcome.Undone) is var count and > 0)
                output.WriteLine($"{UpgradeCollection.Counted(count)} of '{collection.Name}' {Is(count, isDryRun)} as before.{Id(collection)}");
            if (collection.Memories.LongCount(memory => memory.Outcome == UndoOutcome.PartlyUndone) is var partly and > 0)
                output.WriteLine($"{UpgradeCollection.Counted(partly)} of '{collection.Name}' {Is(partly, isDryRun)} as another change left {(partly == 1 ? "it" : "them")}, before which nothing is undone.{Id(collection)}");
        }
        if (undone.Count(UndoOutcome.AlreadyAsBefore) is var already and > 0)
            output.WriteLine($"{UpgradeCollection.Counted(already)} {(already == 1 ? "was" : "were")} as before already.");
        if (undone.Count(UndoOutcome.ChangedSince) is var since and > 0)
            output.WriteLine($"{UpgradeCollection.Counted(since)} {(since == 1 ? "was" : "were")} changed again since, and left alone: undo the later change first, which log lists.");

        static string Is(long count, bool isDryRun) => isDryRun ? "would be" : count == 1 ? "is" : "are";
        static string Id(UndoneCollection collection) => collection.UndoneBy is { } change ? $" This is change {change}." : "";
    }

    private static string Counted(int changes) => changes == 1 ? "1 change" : $"{changes:N0} changes";

    private static ChangeId IdOf(string text) =>
        ChangeId.TryParse(text, out var id) ? id : throw new MemoryException($"'{text}' is no id of a change. Take it from log, or from the answers of update and forget.");
}
