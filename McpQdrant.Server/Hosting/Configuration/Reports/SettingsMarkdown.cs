using System.Text;

namespace McpQdrant.Server.Hosting.Configuration.Reports;

/// <summary>The page <c>docs/configuration.md</c>, whole.</summary>
internal static class SettingsMarkdown
{
    private const string Introduction = """
        <!-- Generated from the table of settings. To change it, change the table, and then:
             dotnet run --project McpQdrant.Server --no-launch-profile -- settings --markdown > docs/configuration.md -->

        # Configuration

        Every setting has the name of an environment variable. `mcp-server-qdrant settings` prints them all with the values in force
        and where each came from; with `--json` for programs. Secrets are never printed.

        **Where a setting comes from.** The first of these that has it counts:

        1. the command line, for the few that have an option;
        2. the environment;
        3. the file that `--settings FILE` or `MCP_SETTINGS` names;
        4. `appsettings.json` beside the program;
        5. the default.

        **Empty means unset**, and so does a value of blanks alone.

        **Names.** The case of a name doesn't matter. .NET's form with sections works too: `Qdrant__ApiKey` in the environment, or a
        section in a file, is `QDRANT_API_KEY`. A file may use either:

        ```json
        {
          "QDRANT_SEARCH_LIMIT": 20,
          "Qdrant": { "Url": "http://localhost:6333" }
        }
        ```

        **Secrets** may be read from files, as Docker, Podman and Kubernetes mount them: `MCP_API_KEY_FILE=/run/secrets/key` stands for
        `MCP_API_KEY`. Line breaks at the end of the file don't count. An empty file is an error.

        **Yes and no** are `true`, `yes`, `on`, `1` and `false`, `no`, `off`, `0`, in any case.
        **Durations** are a number and a unit: `30s`, `15m`, `12h`, `30d`.
        **Lists** have commas between their values; in a file they may be JSON arrays.
        **Paths** may begin with `~/`, hold variables that are set (`$HOME`, `${HOME}`, `${env:HOME}`, `%USERPROFILE%`), or be written `file:///data/memory`.
        What has no certain meaning, as `${workspaceFolder}` that a client left as it is, is refused. Others are relative to the folder in which the server is started.

        **Mistakes** stop the start: all invalid values are reported at once on standard error, and the exit code is 2. A name that
        nothing reads and that is at most two letters away from one of these gets a warning.

        """;

    public static string Page { get => field ??= Build(); }

    private static string Build()
    {
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var group in Settings.Groups)
        {
            page.Append($"\n## {group.Title}\n\n{group.Note.ReplaceLineEndings("\n")}\n\n");
            page.Append("| Setting | Meaning | Value | Default |\n| --- | --- | --- | --- |\n");
            foreach (var setting in group.Settings)
                page.Append($"| {Names(setting)} | {Cell(setting.Meaning)} | {Cell(setting.Format.Allowed)} | {Default(setting)} |\n");
        }

        return page.ToString();
    }

    private static string Names(Setting setting)
    {
        var names = $"`{setting.Name}`";
        foreach (var other in setting.Option is null ? setting.Synonyms : [setting.Option, .. setting.Synonyms])
            names += $"<br>`{other}`";

        return setting.IsSecret ? $"{names}<br>(secret)" : names;
    }

    private static string Default(Setting setting) => setting.Default is { } value ? $"`{value}`" : Cell(setting.UnsetMeaning);

    /// <summary>An asterisk or a bar of the text would otherwise be Markdown's.</summary>
    private static string Cell(string text) => text
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("* ", "\\* ", StringComparison.Ordinal)
        .Replace("*.", "\\*.", StringComparison.Ordinal);
}
