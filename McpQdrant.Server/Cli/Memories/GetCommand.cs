using System.CommandLine;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Output;
using McpQdrant.Server.Cli.Remote;

namespace McpQdrant.Server.Cli.Memories;

/// <summary><c>get ID…</c>: memories by their ids, whole.</summary>
internal static class GetCommand
{
    public static Command Create()
    {
        var ids = new Argument<string[]>("id") { Description = "Ids, from find or list.", Arity = ArgumentArity.OneOrMore };
        var (collection, json) = (MemoryOptions.Collection(), MemoryOptions.Json());
        var command = new Command("get", "Prints memories by their ids, whole.") { ids, collection, json };
        command.SetAction((result, settings, cancellationToken) =>
        {
            var name = MemoryOptions.CollectionOf(result, collection, settings);
            MemoryId[] wanted = [.. result.GetRequiredValue(ids).Select(MemoryOptions.IdOf)];
            return MemoryRun.RunAsync(
                result,
                settings,
                async (calls, stopping) =>
                {
                    var memories = new List<Memory>();
                    foreach (var id in wanted)
                        memories.Add(await calls.CallAsync<GetMemory, GetMemoryRequest, Memory>(new GetMemoryRequest(name, id), stopping));
                    return memories;
                },
                memories => Print(result.InvocationConfiguration.Output, memories, result.GetValue(json), isWhole: true),
                cancellationToken);
        });
        return command.AddServerOptions();
    }

    public static int Print(TextWriter output, IEnumerable<Memory> memories, bool asJson, bool isWhole)
    {
        foreach (var memory in memories)
        {
            if (asJson)
                JsonLine.Write(output, json => MemoryLines.WriteFields(json, memory));
            else
                MemoryText.Write(output, memory, isWhole);
        }
        return ExitCode.Success;
    }
}
