using System.CommandLine;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.History;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Server.Cli.Output;

namespace McpQdrant.Server.Cli.Memories;

/// <summary><c>purge</c>: removes memories for good, and gives a receipt.</summary>
internal static class PurgeCommand
{
    public static Command Create()
    {
        var collection = new Argument<string>("collection") { Description = "The collection's name in the store." };
        var ids = new Option<string[]>("--ids") { Description = "These memories.", HelpName = "ID", AllowMultipleArgumentsPerToken = true };
        var metadata = new Option<string[]>("--by-metadata") { Description = "All whose metadata have this value, for instance user=anna; several mean all of them.", HelpName = "FIELD=VALUE", AllowMultipleArgumentsPerToken = true };
        var filter = MemoryOptions.Filter();
        filter.Description = "All that satisfy a filter in Qdrant's language.";
        var yes = new Option<bool>("--yes", "-y") { Description = "Purges without asking." };
        var command = new Command("purge", "Removes memories for good, also from the log of changes, and prints a receipt as JSON. Exit code 3: there are none.") { collection, ids, metadata, filter, yes };
        command.SetAction((result, settings, cancellationToken) =>
        {
            var request = new PurgeMemoriesRequest(
                CollectionName.Parse(result.GetRequiredValue(collection)),
                [.. (result.GetValue(ids) ?? []).Select(MemoryOptions.IdOf).Distinct()],
                FilterOf(result.GetValue(metadata) ?? [], MemoryOptions.FilterOf(result, filter)));
            return MaintenanceRun.RunAsync(
                result,
                settings,
                (services, _, stopping) => PurgeAsync(services.GetRequiredService<PurgeMemories>(), request, result.InvocationConfiguration, result.GetValue(yes), stopping),
                purged => Print(result.InvocationConfiguration.Output, purged),
                cancellationToken);
        });
        return command;
    }

    private static async Task<PurgeMemoriesResult> PurgeAsync(
        PurgeMemories purge, PurgeMemoriesRequest request, InvocationConfiguration console, bool isConfirmed, CancellationToken cancellationToken)
    {
        if (!isConfirmed)
        {
            var preview = await purge.HandleAsync(Caller.Local, request with { IsPreview = true }, cancellationToken);
            if (preview is { Memories.Count: 0, Changes: 0 })
                return preview;
            var these = $"{UpgradeCollection.Counted(preview.Memories.Count)} of '{request.Collection}' and {preview.Changes:N0} lines of the log of changes";
            Question.Ask(console, $"Remove {these} for good?", $"That would remove {these} for good. Nothing was removed. Give --yes to do it.");
        }
        return await purge.HandleAsync(Caller.Local, request, cancellationToken);
    }

    /// <exception cref="MemoryException">A value has no field.</exception>
    private static Filter? FilterOf(IReadOnlyList<string> metadata, Filter? filter)
    {
        var conditions = new List<Condition>();
        foreach (var field in metadata)
        {
            if (field.IndexOf('=', StringComparison.Ordinal) is var end && end <= 0)
                throw new MemoryException($"--by-metadata takes a field and its value, such as user=anna, and '{field}' is none.");
            var (key, value) = ($"{CollectionLayout.DefaultMetadataField}.{field[..end]}", field[(end + 1)..]);
            var asText = Condition.Match(key, value);
            conditions.Add(
                bool.TryParse(value, out var truth) ? new Filter { Should = [asText, Condition.Match(key, truth)] }
                : long.TryParse(value, out var number) ? new Filter { Should = [asText, Condition.Match(key, number)] }
                : asText);
        }
        if (filter is not null)
            conditions.Add(filter);
        return conditions.Count == 0 ? null : new Filter { Must = conditions };
    }

    private static int Print(TextWriter output, PurgeMemoriesResult purged)
    {
        JsonLine.Write(output, json =>
        {
            json.WriteString("collection", purged.Collection.Value);
            json.WriteString("at", Rfc3339.Write(purged.At));
            json.WriteNumber("memories", purged.Memories.Count);
            json.WriteNumber("changes", purged.Changes);
            if (purged.Left is { } left)
                json.WriteString("left", left);
            json.WriteStartArray("purged");
            foreach (var memory in purged.Memories)
            {
                json.WriteStartObject();
                json.WriteString("id", memory.Id.ToString());
                json.WriteString("sha256", memory.ContentHash);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return purged is { Memories.Count: 0, Changes: 0 } ? ExitCode.NotFound : ExitCode.Success;
    }
}
