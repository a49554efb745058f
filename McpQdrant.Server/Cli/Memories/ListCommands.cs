using System.CommandLine;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search;
using McpQdrant.Server.Cli.Output;
using McpQdrant.Server.Cli.Remote;

namespace McpQdrant.Server.Cli.Memories;

/// <summary><c>list</c>, <c>recent</c> and <c>collections</c>: what there is.</summary>
internal static class ListCommands
{
    private const int StandardLimit = 20;

    public static IEnumerable<Command> Create() => [CreateList(), CreateRecent(), CreateCollections()];

    private static Command CreateList()
    {
        var (collection, filter, limit, json) = (MemoryOptions.Collection(), MemoryOptions.Filter(), MemoryOptions.Limit(StandardLimit), MemoryOptions.Json());
        var command = new Command("list", "Lists the memories of a collection, the newest first; `export` writes all of them.") { collection, filter, limit, json };
        command.SetAction((result, settings, cancellationToken) => MemoryRun.RunAsync<ListMemories, ListMemoriesRequest, ListMemoriesResult>(
            result,
            settings,
            new ListMemoriesRequest(MemoryOptions.CollectionOf(result, collection, settings), result.GetValue(limit), MemoryOptions.FilterOf(result, filter)),
            listed => listed.Collection.Problem is { } problem
                ? throw new MemoryException(problem)
                : GetCommand.Print(result.InvocationConfiguration.Output, listed.Memories, result.GetValue(json), isWhole: false),
            cancellationToken));
        return command.AddServerOptions();
    }

    private static Command CreateRecent()
    {
        var (collection, limit, json) = (MemoryOptions.Collection(), MemoryOptions.Limit(StandardLimit), MemoryOptions.Json());
        var command = new Command("recent", "Lists what was stored last, the last one first, of one collection or of all.") { collection, limit, json };
        command.SetAction((result, settings, cancellationToken) =>
        {
            var request = new FindMemoriesRequest(MemoryOptions.CollectionOrAllOf(result, collection, settings), Query: null) { Limit = result.GetValue(limit) };
            return MemoryRun.RunAsync<FindMemories, FindMemoriesRequest, FindMemoriesResult>(
                result, settings, request, found => FindCommand.Print(result.InvocationConfiguration, request.Collection, found, result.GetValue(json)), cancellationToken);
        });
        return command.AddServerOptions();
    }

    private static Command CreateCollections()
    {
        var json = MemoryOptions.Json();
        var command = new Command("collections", "Lists the collections, how many memories each has, and how it is searched.") { json };
        command.SetAction((result, settings, cancellationToken) => MemoryRun.RunAsync<ListCollections, ListCollectionsRequest, IReadOnlyList<CollectionEntry>>(
            result, settings, new ListCollectionsRequest(), entries => Print(result.InvocationConfiguration, entries, result.GetValue(json)), cancellationToken));
        return command.AddServerOptions();
    }

    private static int Print(InvocationConfiguration console, IReadOnlyList<CollectionEntry> entries, bool asJson)
    {
        var table = new Table("COLLECTION", "MEMORIES", "SEARCH", "MODEL");
        foreach (var entry in entries)
        {
            if (asJson)
                JsonLine.Write(console.Output, json =>
                {
                    json.WriteString("collection", entry.Name.ToString());
                    json.WriteNumber("memories", entry.Points);
                    json.WriteString("search", Search(entry));
                    json.WriteString("model", entry.Model);
                    if (entry.Problem is { } problem)
                        json.WriteString("problem", problem);
                });
            else
                table.Add(entry.Name.ToString(), entry.Points.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), Search(entry) ?? "none", entry.Problem ?? entry.Model ?? "");
        }

        if (!asJson && entries.Count > 0)
            table.Write(console.Output);
        else if (entries.Count == 0)
            console.Error.WriteLine("There are no collections yet. The first memory that is stored makes one.");
        return ExitCode.Success;
    }

    private static string? Search(CollectionEntry entry) => entry.Mode switch
    {
        SearchMode.Hybrid => "meaning, words",
        SearchMode.Dense => "meaning",
        SearchMode.Keyword => "words",
        _ => null,
    };
}
