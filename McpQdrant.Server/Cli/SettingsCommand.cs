using System.CommandLine;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Hosting.Configuration.Reports;

namespace McpQdrant.Server.Cli;

/// <summary><c>settings</c>: prints every setting with its value in force, where it came from, its default and its meaning.</summary>
internal static class SettingsCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var markdown = new Option<bool>("--markdown") { Description = "Print the page docs/configuration.md, which has no values." };
        var command = new Command("settings", "Prints every setting: its value in force, where it came from, its default and its meaning.") { json, markdown };
        command.SetAction((result, values, _) =>
        {
            Print(values, result.InvocationConfiguration.Output, result.GetValue(json), result.GetValue(markdown));
            return Task.FromResult(0);
        });

        return command;
    }

    private static void Print(SettingValues values, TextWriter output, bool asJson, bool asMarkdown)
    {
        if (asMarkdown)
            output.Write(SettingsMarkdown.Page);
        else if (asJson)
            output.WriteLine(SettingsJson.Of(values));
        else
            SettingsText.Write(values, output);
    }
}
