using System.CommandLine;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Output;
using McpQdrant.Server.Cli.Remote;

namespace McpQdrant.Server.Cli.Memories;

/// <summary><c>update ID [TEXT]</c>: corrects a memory under its id.</summary>
internal static class UpdateCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The memory's id, from find or list." };
        var text = new Argument<string?>("text") { Description = "The new text, whole; - to read it from standard input; left out, the text stays.", Arity = ArgumentArity.ZeroOrOne };
        var (collection, metadata, json) = (MemoryOptions.Collection(), MemoryOptions.Metadata(), MemoryOptions.Json());
        metadata.Description = "Fields to set, as a JSON object; a field that is null is removed; the others stay.";
        var expires = MemoryOptions.Expires();
        var replace = new Option<bool>("--replace-metadata") { Description = "Puts --metadata in place of all that was there." };
        var command = new Command("update", "Corrects a memory: its text, its metadata, when it expires. The id stays.") { id, text, collection, metadata, replace, expires, json };
        command.SetAction(async (result, settings, cancellationToken) =>
        {
            var given = result.GetValue(text);
            var request = new UpdateMemoryRequest(
                MemoryOptions.CollectionOf(result, collection, settings),
                MemoryOptions.IdOf(result.GetRequiredValue(id)),
                given is null ? null : await TextInput.ReadAsync(given, cancellationToken),
                MemoryOptions.ObjectOf(result, metadata),
                result.GetValue(replace),
                result.GetValue(expires));
            if (request is { Text: null, Metadata: null, ReplaceMetadata: false, Expires: null })
                throw new MemoryException("Nothing to change: give a text, --metadata or --expires.");
            return await MemoryRun.RunAsync<UpdateMemory, UpdateMemoryRequest, UpdateMemoryResult>(
                result, settings, request, updated => Print(result.InvocationConfiguration.Output, updated, result.GetValue(json)), cancellationToken);
        });
        return command.AddServerOptions();
    }

    private static int Print(TextWriter output, UpdateMemoryResult updated, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(output, json =>
            {
                MemoryLines.WriteFields(json, updated.Memory);
                if (updated.Change is { } change)
                    json.WriteString("change", change.ToString());
            });
            return ExitCode.Success;
        }

        MemoryText.Write(output, updated.Memory, isWhole: true);
        if (updated.Change is { } made)
            output.WriteLine($"This is change {made}.");
        return ExitCode.Success;
    }
}
