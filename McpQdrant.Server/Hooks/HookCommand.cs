using System.CommandLine;
using System.CommandLine.Completions;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Cli;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Hooks;

/// <summary><c>hook EVENT</c>: what a client calls when a session starts, a prompt is sent, the context is compacted, a session ends.</summary>
internal static class HookCommand
{
    private static readonly (string Name, HookEvent Hook)[] Events =
    [
        ("session-start", HookEvent.SessionStart), ("user-prompt", HookEvent.UserPrompt), ("pre-compact", HookEvent.PreCompact), ("session-end", HookEvent.SessionEnd),
    ];

    /// <summary>A client that sends nothing is not waited for.</summary>
    private static readonly TimeSpan InputPatience = TimeSpan.FromMilliseconds(700);

    /// <summary>The last bound, for a disk or a model that hangs. The store has a shorter one of its own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static Command Create()
    {
        var name = new Argument<string?>("event") { Description = $"{string.Join(", ", Events.Select(one => one.Name))}.", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add(_ => Events.Select(one => new CompletionItem(one.Name)));
        var review = new Option<bool>("--review") { Description = "Writes what was learnt to a file for approval, and stores nothing." };
        var command = new Command("hook", "For the hooks of clients: brings memories into a session, and keeps what it decided. Reads the client's JSON from standard input. Is silent, and ends with 0, whatever happens; what went wrong is in hooks/hook.log in the data folder.")
        {
            name, review,
        };
        // Whoever calls it wrongly must not be stopped by that either.
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellationToken) =>
        {
            var isFinished = await RunAsync(
                () => CommandSettings.Load(result), result.GetValue(name) ?? "", result.GetValue(review),
                Console.IsInputRedirected ? Console.OpenStandardInput() : Stream.Null, result.InvocationConfiguration.Output, cancellationToken);
            if (!isFinished)
                QuickExit.WithSuccess();
            return ExitCode.Success;
        });
        return command;
    }

    /// <returns>False where something is still running, which the end of the process must not wait for.</returns>
    internal static async Task<bool> RunAsync(
        Func<SettingValues> load, string name, bool isReview, Stream input, TextWriter output, CancellationToken cancellationToken)
    {
        var folder = HookFolder.Of(settings: null);
        try
        {
            var settings = load();
            folder = HookFolder.Of(settings);
            var hook = Events.FirstOrDefault(one => one.Name == name) is { Name: not null } known
                ? known.Hook
                : throw new MemoryException($"There is no event '{name}'. Events: {string.Join(", ", Events.Select(one => one.Name))}.");

            // The stores block their threads while they wait, so they are left alone when their time is over.
            var said = await Task.Run(() => HookInput.ReadAsync(input, cancellationToken), cancellationToken).WaitAsync(InputPatience, cancellationToken);
            await Task.Run(
                () => new HookRun(settings, folder, isReview).RunAsync(
                    hook,
                    said,
                    answer =>
                    {
                        output.WriteLine(answer);
                        output.Flush();
                    },
                    cancellationToken),
                cancellationToken).WaitAsync(Patience, cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // A hook never fails: the session of its client goes on without memory.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            folder.Log($"hook {name}", failure);
            return failure is not TimeoutException;
        }
    }
}
