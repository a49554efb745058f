using System.CommandLine;
using System.Text.Json;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Output;
using McpQdrant.Server.Cli.Remote;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli.Memories;

/// <summary><c>find QUERY</c>: what bears on a question, best first.</summary>
internal static class FindCommand
{
    public static Command Create()
    {
        var query = new Argument<string?>("query") { Description = "What to look for; - or nothing to read it from standard input.", Arity = ArgumentArity.ZeroOrOne };
        var (collection, filter, json) = (MemoryOptions.Collection(), MemoryOptions.Filter(), MemoryOptions.Json());
        var limit = MemoryOptions.Limit(standard: 0);
        limit.Description = $"How many memories at most; without it {Settings.SearchLimit.Name}.";
        var since = new Option<string>("--since") { Description = "Only what was stored at this time or later: 2026-01-31, 2026-01-31T12:00:00Z, or an age such as 7d.", HelpName = "TIME" };
        var until = new Option<string>("--until") { Description = "Only what was stored until this time; a date includes its day.", HelpName = "TIME" };
        var command = new Command("find", "Finds the memories that bear on a question, best first. Exit code 3: none does.") { query, collection, filter, since, until, limit, json };
        command.SetAction(async (result, settings, cancellationToken) =>
        {
            var request = new FindMemoriesRequest(
                MemoryOptions.CollectionOrAllOf(result, collection, settings),
                await TextInput.ReadAsync(result.GetValue(query), cancellationToken),
                MemoryOptions.FilterOf(result, filter))
            {
                Since = result.GetValue(since),
                Until = result.GetValue(until),
                Limit = result.GetValue(limit) is > 0 and var most ? most : null,
            };
            return await MemoryRun.RunAsync<FindMemories, FindMemoriesRequest, FindMemoriesResult>(
                result, settings, request, found => Print(result.InvocationConfiguration, request.Collection, found, result.GetValue(json)), cancellationToken);
        });
        return command.AddServerOptions();
    }

    /// <param name="collection">Null where all were searched: then each memory says where it is.</param>
    public static int Print(InvocationConfiguration console, CollectionName? collection, FindMemoriesResult found, bool asJson)
    {
        foreach (var hit in found.Hits)
        {
            if (asJson)
                JsonLine.Write(console.Output, json => WriteJson(json, hit));
            else
                MemoryText.Write(console.Output, hit.Hit, collection is null ? hit.Collection : null);
        }
        foreach (var (name, reason) in found.Unusable)
            console.Error.WriteLine($"'{name}' was not searched: {reason}");
        if (found.Hits.Count > 0)
            return ExitCode.Success;

        console.Error.WriteLine(found switch
        {
            { CollectionExists: true } when collection is null => "No memory matches.",
            _ when collection is null => "There are no collections yet. The first memory that is stored makes one.",
            { CollectionExists: true } => $"No memory in '{collection}' matches.",
            { NearestCollections: [_, ..] nearest } => $"There is no collection '{collection}'. The nearest: {string.Join(", ", nearest.Select(name => $"'{name}'"))}.",
            _ => $"There is no collection '{collection}'.",
        });
        return ExitCode.NotFound;
    }

    private static void WriteJson(Utf8JsonWriter json, FoundHit found)
    {
        var hit = found.Hit;
        MemoryLines.WriteFields(json, hit.Memory);
        json.WriteString("collection", found.Collection.ToString());
        json.WriteNumber("score", hit.Score);
        if (hit.Similarity is { } similarity)
            json.WriteNumber("similarity", similarity);
        if (hit.KeywordRank is { } rank)
            json.WriteNumber("keyword_rank", rank);
        if (hit.Passage is { } passage)
        {
            json.WriteStartObject("passage");
            json.WriteString("text", passage.Text);
            json.WriteNumber("start", passage.Start);
            json.WriteNumber("end", passage.End);
            json.WriteEndObject();
        }
    }
}
