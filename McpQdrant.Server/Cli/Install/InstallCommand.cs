using System.CommandLine;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Hosting.Configuration.Loading;

namespace McpQdrant.Server.Cli.Install;

/// <summary><c>install CLIENT</c>: writes this program into a client's configuration, and takes it out again.</summary>
internal static class InstallCommand
{
    private const string StandardName = "memory";

    public static Command Create()
    {
        var client = new Argument<string>("client") { Description = $"{string.Join(", ", ClientConfiguration.All.Select(one => one.Name))}." };
        client.AcceptOnlyFromAmong([.. ClientConfiguration.All.Select(one => one.Name)]);
        var name = new Option<string>("--name") { Description = "What the client calls the server.", DefaultValueFactory = _ => StandardName, HelpName = "NAME" };
        var env = new Option<string[]>("--env") { Description = "A setting that the client starts the server with, for instance COLLECTION_NAME=notes; may be repeated.", HelpName = "NAME=VALUE" };
        var config = new Option<string>("--config") { Description = "The client's configuration file, where it isn't the user's own.", HelpName = "FILE" };
        var remove = new Option<bool>("--remove") { Description = "Takes the entry out again." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only shows what would be changed." };
        var command = new Command("install", "Writes this program into the configuration of a client: shows the change, keeps a copy of the file, and changes nothing but its own entry.")
        {
            client, name, env, config, remove, dryRun,
        };
        name.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } text && (text.Length is 0 or > 64 || !text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))
                given.AddError("--name takes letters, digits, '-' and '_', 64 at most.");
        });
        command.SetAction(result => Report(result, () => Run(
            ClientConfiguration.All.First(one => one.Name == result.GetRequiredValue(client)),
            result.GetRequiredValue(name),
            [.. (result.GetValue(env) ?? []).Select(VariableOf)],
            result.GetValue(config),
            result.GetValue(remove),
            result.GetValue(dryRun),
            result.InvocationConfiguration.Output)));
        return command;
    }

    private static int Report(ParseResult result, Action run)
    {
        try
        {
            run();
            return ExitCode.Success;
        }
        catch (MemoryException failure)
        {
            result.InvocationConfiguration.Error.WriteLine(failure.Message);
            return ExitCode.Failure;
        }
    }

    private static void Run(
        ClientConfiguration client, string name, IReadOnlyList<(string, string)> environment, string? config, bool isRemoval, bool isDryRun, TextWriter output)
    {
        var file = new ConfigurationFile(config is null ? client.Path() : Path.GetFullPath(config));
        var old = file.Read();
        var entry = new ServerEntry(ProgramPath(), [.. ProgramArguments(), "--transport", "stdio"], environment, client.HasType);
        var changed = Edit(file, old, client, name, isRemoval ? null : entry);
        if (changed is null || changed == old)
        {
            output.WriteLine(isRemoval ? $"{file.Path} has no server '{name}', so nothing was changed." : $"{file.Path} has the server '{name}' already, the same.");
            return;
        }

        output.WriteLine($"{file.Path}:");
        output.Write(LineChange.Between(old, changed));
        if (isDryRun)
        {
            output.WriteLine("Nothing was changed.");
            return;
        }
        if (file.Write(changed) is { } copy)
            output.WriteLine($"The file as it was is in {copy}.");
        output.WriteLine(isRemoval ? $"{client.Title} starts this server no more, when it has been restarted." : $"{client.Title} has the server '{name}', when it has been restarted.");
    }

    /// <param name="entry">Null to remove it.</param>
    private static string? Edit(ConfigurationFile file, string old, ClientConfiguration client, string name, ServerEntry? entry)
    {
        try
        {
            if (Path.GetExtension(file.Path).Equals(".toml", StringComparison.OrdinalIgnoreCase))
            {
                var toml = new TomlEntryEdit(old, client.Container, name);
                return entry is null ? toml.Remove() : toml.Set(newLine => entry.ToToml(toml.Header, newLine));
            }
            var json = new JsonEntryEdit(old, client.Container, name);
            return entry is null ? json.Remove() : json.Set(entry.ToJson);
        }
        catch (MemoryException refused)
        {
            throw new MemoryException($"{file.Path}: {refused.Message}", refused);
        }
    }

    /// <exception cref="MemoryException">It names no setting, or one that is a secret.</exception>
    private static (string Name, string Value) VariableOf(string text)
    {
        var end = text.IndexOf('=', StringComparison.Ordinal);
        if (end < 1)
            throw new MemoryException($"--env takes NAME=VALUE, and {SettingText.Quote(text)} has no name.");

        var name = text[..end];
        if (Settings.All.FirstOrDefault(setting => setting.Names.Contains(name)) is { IsSecret: true })
            throw new MemoryException($"{name} is a secret, which stands in no command line. Put it into a file, and give --env {name}{SecretFile.Suffix}=FILE.");
        if (!Settings.All.Any(setting => setting.Names.Contains(name) || setting.IsSecret && setting.Names.Any(one => one + SecretFile.Suffix == name)))
            throw new MemoryException($"There is no setting {SettingText.Quote(name)}. `mcp-server-qdrant settings` lists them.");
        return (name, text[(end + 1)..]);
    }

    private static string ProgramPath() => Environment.ProcessPath ?? throw new MemoryException("This program doesn't know its own path. Write the configuration by hand: see docs/clients.md.");

    /// <summary>Where the program is run by <c>dotnet</c>, its assembly comes first.</summary>
    private static IEnumerable<string> ProgramArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "mcp-server-qdrant.dll")] : [];
}
