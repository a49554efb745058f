using System.CommandLine;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Search.Filters;
using McpQdrant.Server.Cli.Output;
using McpQdrant.Server.Cli.Remote;

namespace McpQdrant.Server.Cli.Memories;

/// <summary><c>forget ID…</c>, or <c>forget --filter</c>, which shows what it would delete and asks.</summary>
internal static class ForgetCommand
{
    public static Command Create()
    {
        var ids = new Argument<string[]>("id") { Description = "Ids of the memories to delete, from find or list.", Arity = ArgumentArity.ZeroOrMore };
        var (collection, filter, json) = (MemoryOptions.Collection(), MemoryOptions.Filter(), MemoryOptions.Json());
        filter.Description = $"Deletes all that satisfy a filter, after it was shown what they are. {filter.Description}";
        var yes = new Option<bool>("--yes", "-y") { Description = "Deletes what a filter finds without asking." };
        var command = new Command("forget", "Deletes memories: by their ids, or all that a filter finds. Exit code 3: there are none.") { ids, collection, filter, yes, json };
        command.Validators.Add(given =>
        {
            if (given.GetResult(ids) is { Tokens.Count: > 0 } == given.GetResult(filter) is not null)
                given.AddError("Say what to forget: ids, or --filter.");
        });
        command.SetAction((result, settings, cancellationToken) =>
        {
            var name = MemoryOptions.CollectionOf(result, collection, settings);
            var wanted = MemoryOptions.FilterOf(result, filter);
            MemoryId[] known = [.. (result.GetValue(ids) ?? []).Select(MemoryOptions.IdOf).Distinct()];
            return MemoryRun.RunAsync(
                result,
                settings,
                (calls, stopping) => wanted is null
                    ? calls.CallAsync<ForgetMemories, ForgetMemoriesRequest, ForgetMemoriesResult>(new ForgetMemoriesRequest(name, known), stopping)
                    : ForgetAsync(calls, result.InvocationConfiguration, name, wanted, result.GetValue(yes), stopping)!,
                forgotten => Print(result.InvocationConfiguration, name, forgotten, result.GetValue(json)),
                cancellationToken);
        });
        return command.AddServerOptions();
    }

    /// <returns>Null where there is nothing to delete.</returns>
    private static async Task<ForgetMemoriesResult?> ForgetAsync(
        IMemoryCalls calls, InvocationConfiguration console, CollectionName name, Filter filter, bool isConfirmed, CancellationToken cancellationToken)
    {
        var preview = await calls.CallAsync<PreviewForget, PreviewForgetRequest, PreviewForgetResult>(new PreviewForgetRequest(name, filter), cancellationToken);
        if (preview.Code is not { } code)
            return null;

        if (!isConfirmed)
        {
            foreach (var memory in preview.Sample)
                MemoryText.Write(console.Error, memory, isWhole: false);
            var these = $"{UpgradeCollection.Counted(preview.Count)} of '{name}'{(preview.Count > preview.Sample.Count ? ", of which these are the first," : "")}";
            Question.Ask(console, $"Forget {these}?", $"The filter finds {these} and nothing was deleted. Give --yes to delete what it finds.");
        }
        return await calls.CallAsync<ForgetMemories, ForgetMemoriesRequest, ForgetMemoriesResult>(new ForgetMemoriesRequest(name, [], code, filter), cancellationToken);
    }

    private static int Print(InvocationConfiguration console, CollectionName name, ForgetMemoriesResult? forgotten, bool asJson)
    {
        var deleted = forgotten?.Deleted ?? 0;
        if (asJson)
            JsonLine.Write(console.Output, json =>
            {
                json.WriteNumber("forgotten", deleted);
                json.WriteNumber("changed", forgotten?.Changed ?? 0);
                if (forgotten?.Change is { } change)
                    json.WriteString("change", change.ToString());
            });
        else if (deleted > 0)
            console.Output.WriteLine($"Forgot {UpgradeCollection.Counted(deleted)} of '{name}'.{(forgotten?.Change is { } change ? $" This is change {change}." : "")}");

        var missing = (forgotten?.Touched.Count ?? 0) - deleted - (forgotten?.Changed ?? 0);
        if (forgotten is { Changed: > 0 and var changed })
            console.Error.WriteLine($"{UpgradeCollection.Counted(changed)} more were changed by others at this moment, and stay.");
        if (deleted == 0 || missing > 0)
            console.Error.WriteLine(deleted == 0 ? $"There is no such memory in '{name}', so nothing was deleted." : $"{missing:N0} of the ids are not there.");
        return deleted > 0 ? ExitCode.Success : ExitCode.NotFound;
    }
}
