using System.CommandLine;
using McpQdrant.Server.Authentication.Keys;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli;

/// <summary><c>key new NAME</c> makes a key for a caller, and the entry that lets it in; <c>key show</c> prints the key of all callers.</summary>
internal static class KeyCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Who is to have the key: a name for the access file and the audit." };
        var make = new Command("new", "Makes a key, prints it once, and the entry for the access file, which holds only its hash.") { name };
        make.SetAction(result => Print(result.InvocationConfiguration, NewKey.For(result.GetRequiredValue(name))));

        var show = new Command("show", $"Prints {Settings.ApiKey.Name}, the key that callers send, for whoever may read the server's settings.");
        show.SetAction((result, settings, _) => Task.FromResult(Show(result.InvocationConfiguration, settings)));

        return new Command("key", "Keys of callers over HTTP.") { make, show };
    }

    private static int Show(InvocationConfiguration console, SettingValues settings)
    {
        if (settings.Get(Settings.ApiKey) is not { } key)
        {
            console.Error.WriteLine($"There is no key to show: neither {Settings.ApiKey.Name} nor {Settings.ApiKey.Name}_FILE is set.");
            return ExitCode.Failure;
        }

        console.Output.WriteLine(key);
        return ExitCode.Success;
    }

    private static int Print(InvocationConfiguration console, NewKey made)
    {
        try
        {
            AccessFileReader.Parse(System.Text.Encoding.UTF8.GetBytes(made.FileJson));
        }
        catch (AccessFileException wrong)
        {
            console.Error.WriteLine($"That name can't be used: {wrong.Message}");
            return InvalidSettingsException.ExitCode;
        }

        console.Output.WriteLine(
            $"""
            The key, which is shown only now:

              {made.Key}

            The entry for "callers" in the file of {Settings.AccessFile.Name}; narrow what it allows as you need:

              {made.EntryJson}
            """);
        return ExitCode.Success;
    }
}
