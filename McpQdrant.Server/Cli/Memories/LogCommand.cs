using System.CommandLine;
using McpQdrant.Core.History;
using McpQdrant.Core.Json;
using McpQdrant.Core.Ports;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Output;

namespace McpQdrant.Server.Cli.Memories;

/// <summary><c>log</c>: what was changed, by whom, and what was there before.</summary>
internal static class LogCommand
{
    private const int StandardLimit = 20;

    public static Command Create()
    {
        var (memory, by, since, collection, json) =
            (MemoryOptions.OfMemory(), MemoryOptions.By(), MemoryOptions.Since(), MemoryOptions.CollectionInStore(), MemoryOptions.Json());
        var limit = MemoryOptions.Limit(StandardLimit);
        var command = new Command("log", "Lists what was changed and deleted, the newest first, with what was there before. Exit code 3: nothing was.")
        {
            memory, by, since, collection, limit, json,
        };
        command.SetAction((result, settings, cancellationToken) => MemoryRun.RunAsync<ListChanges, ListChangesRequest, IReadOnlyList<Change>>(
            result,
            settings,
            new ListChangesRequest(new ChangeQuery
            {
                Memory = MemoryOptions.IdOf(result, memory),
                By = result.GetValue(by),
                Collection = MemoryOptions.InStoreOf(result, collection),
                Limit = result.GetValue(limit),
            })
            {
                Since = result.GetValue(since),
            },
            changes => Print(result.InvocationConfiguration, changes, result.GetValue(json)),
            cancellationToken));
        return command;
    }

    private static int Print(InvocationConfiguration console, IReadOnlyList<Change> changes, bool asJson)
    {
        if (changes.Count == 0)
        {
            console.Error.WriteLine("The log has no such change.");
            return ExitCode.NotFound;
        }

        ChangeId? last = null;
        foreach (var change in changes)
        {
            if (asJson)
                WriteJson(console.Output, change);
            else
                WriteText(console.Output, change, isFirst: change.Origin.Id != last);
            last = change.Origin.Id;
        }
        return ExitCode.Success;
    }

    private static void WriteJson(TextWriter output, Change change) => JsonLine.Write(output, json =>
    {
        json.WriteString("change", change.Origin.Id.ToString());
        json.WriteString("at", Rfc3339.Write(change.Origin.At));
        json.WriteString("by", change.Origin.By);
        json.WriteString("operation", change.Origin.Operation);
        json.WriteString("collection", change.Collection.Value);
        json.WriteString("memory", change.Memory.ToString());
        json.WriteBoolean("deleted", change.After is null);
        if (change.Before is { } before)
        {
            json.WriteStartObject("before");
            MemoryLines.WriteFields(json, before.Memory);
            json.WriteEndObject();
        }
    });

    /// <param name="isFirst">Whether it is the first memory of its change.</param>
    private static void WriteText(TextWriter output, Change change, bool isFirst)
    {
        var terminal = Terminal.Of(output);
        if (isFirst)
        {
            var id = change.Origin.Id.ToString();
            var rest = CellText.Printable($"{MemoryText.Show(change.Origin.At)}  {change.Origin.By}  {change.Origin.Operation}  {change.Collection}");
            output.WriteLine($"{terminal.Strong(id)}  {terminal.Faint(CellText.Fit(rest, terminal.Width - id.Length - 2))}");
        }
        output.WriteLine(CellText.Fit($"  {change.Memory}  {Verb(change)}{CellText.Printable(change.Before?.Memory.Text ?? "")}", terminal.Width).TrimEnd());
    }

    private static string Verb(Change change) => change switch
    {
        { Before: null } => "was not there",
        { After: null } => "deleted: ",
        _ => "was: ",
    };
}
