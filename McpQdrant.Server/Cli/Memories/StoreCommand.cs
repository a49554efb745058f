using System.CommandLine;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Cli.Output;
using McpQdrant.Server.Cli.Remote;

namespace McpQdrant.Server.Cli.Memories;

/// <summary><c>store TEXT</c>: keeps a text.</summary>
internal static class StoreCommand
{
    public static Command Create()
    {
        var text = new Argument<string?>("text") { Description = "The text; - or nothing to read it from standard input.", Arity = ArgumentArity.ZeroOrOne };
        var (collection, metadata, json) = (MemoryOptions.Collection(), MemoryOptions.Metadata(), MemoryOptions.Json());
        var expires = MemoryOptions.Expires();
        var force = new Option<bool>("--force") { Description = "Store it also where a memory very like it is there." };
        var command = new Command("store", "Stores a text as a memory, and prints its id.") { text, collection, metadata, expires, force, json };
        command.SetAction(async (result, settings, cancellationToken) =>
        {
            var request = new StoreMemoryRequest(
                MemoryOptions.CollectionOf(result, collection, settings),
                await TextInput.ReadAsync(result.GetValue(text), cancellationToken),
                MemoryOptions.ObjectOf(result, metadata),
                result.GetValue(force),
                result.GetValue(expires));
            return await MemoryRun.RunAsync<StoreMemory, StoreMemoryRequest, StoreMemoryResult>(
                result,
                settings,
                request,
                stored =>
                {
                    if (stored is { Duplicate: null } && stored.Text != request.Text)
                        result.InvocationConfiguration.Error.WriteLine("The text holds a secret, and was stored without it.");
                    return Print(result.InvocationConfiguration.Output, stored, result.GetValue(json));
                },
                cancellationToken);
        });
        return command.AddServerOptions();
    }

    private static int Print(TextWriter output, StoreMemoryResult stored, bool asJson)
    {
        if (asJson)
            JsonLine.Write(output, json =>
            {
                json.WriteString("id", stored.Id.ToString());
                json.WriteString("collection", stored.Collection.ToString());
                json.WriteBoolean("new", stored.IsNew);
                if (stored.Duplicate is not null)
                    json.WriteBoolean("duplicate", true);
            });
        else
            output.WriteLine(stored switch
            {
                { Duplicate: not null } => $"Nothing was stored: memory {stored.Id} of '{stored.Collection}' says nearly the same. Store it all the same with --force.",
                { IsNew: false } => $"Memory {stored.Id} was in '{stored.Collection}' already.",
                _ => $"Stored {stored.Id} in '{stored.Collection}'.",
            });
        return ExitCode.Success;
    }
}
