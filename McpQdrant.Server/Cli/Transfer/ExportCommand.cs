using System.CommandLine;
using System.Globalization;
using System.Text;
using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Core.Memories;
using McpQdrant.Core.Transfer;
using McpQdrant.Server.Cli.Formats;
using McpQdrant.Server.Cli.Memories;

namespace McpQdrant.Server.Cli.Transfer;

/// <summary><c>export [COLLECTION…]</c>: writes memories as lines of JSON.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var collections = new Argument<string[]>("collection") { Description = "Names in the store; none for all collections.", Arity = ArgumentArity.ZeroOrMore };
        var to = new Option<string>("--output", "-o") { Description = "The file; compressed where its name ends with .gz or .zst. Without it, standard output.", HelpName = "FILE" };
        var filter = MemoryOptions.Filter();
        var since = new Option<string>("--since") { Description = "Only what was stored or changed at this time or later, for instance 2026-01-31 or 2026-01-31T12:00:00Z.", HelpName = "TIME" };
        var vectors = new Option<bool>("--vectors") { Description = "Writes the vectors too, so that a store with the same model need not embed anew." };
        var command = new Command("export", "Writes collections as JSON Lines: a header line each, then a line for each memory. `import` reads them.") { collections, to, filter, since, vectors };
        command.SetAction((result, settings, cancellationToken) =>
        {
            var (path, console) = (result.GetValue(to) ?? ImportSource.Standard, result.InvocationConfiguration);
            CollectionName[] names = [.. (result.GetValue(collections) ?? []).Select(CollectionName.Parse)];
            var (wanted, from) = (MemoryOptions.FilterOf(result, filter), TimeOf(result.GetValue(since)));
            return MaintenanceRun.RunAsync(
                result,
                settings,
                (services, progress, stopping) =>
                {
                    Task<ExportCollectionsResult> WriteAsync(Stream output) => services.GetRequiredService<ExportCollections>().HandleAsync(
                        Caller.Local,
                        new ExportCollectionsRequest(names, output, progress) { Filter = wanted, Since = from, WithVectors = result.GetValue(vectors) },
                        stopping);
                    return path == ImportSource.Standard ? WriteStandardAsync(console.Output, WriteAsync) : MemoryFile.WriteAsync(path, WriteAsync);
                },
                exported =>
                {
                    console.Error.WriteLine(
                        $"Exported {UpgradeCollection.Counted(exported.Memories)} of {string.Join(", ", exported.Collections.Select(name => $"'{name}'"))}{(path == ImportSource.Standard ? "" : $" to {path}")}.");
                    return ExitCode.Success;
                },
                cancellationToken);
        });
        return command;
    }

    private static async Task<T> WriteStandardAsync<T>(TextWriter output, Func<Stream, Task<T>> write)
    {
        if (ReferenceEquals(output, Console.Out))
            return await write(Console.OpenStandardOutput());

        using var lines = new MemoryStream();
        var result = await write(lines);
        await output.WriteAsync(Encoding.UTF8.GetString(lines.GetBuffer(), 0, (int)lines.Length));
        return result;
    }

    private static DateTimeOffset? TimeOf(string? text)
    {
        if (text is null)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new MemoryException($"--since: '{text}' is no time. Write it as 2026-01-31 or 2026-01-31T12:00:00Z.");
    }
}
