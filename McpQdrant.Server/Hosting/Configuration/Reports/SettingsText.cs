namespace McpQdrant.Server.Hosting.Configuration.Reports;

/// <summary>The settings in force, for people: a line for each with its value, origin and default, and one with its meaning.</summary>
internal static class SettingsText
{
    private const int MaxValueLength = 60;

    public static void Write(SettingValues values, TextWriter output)
    {
        var nameWidth = Settings.All.Max(setting => setting.Name.Length);
        foreach (var group in Settings.Groups)
        {
            output.WriteLine(group.Title.ToUpperInvariant());
            foreach (var setting in group.Settings)
            {
                var value = values.Show(setting) is { } shown ? SettingText.OneLine(shown, MaxValueLength) : "-";
                output.WriteLine($"{setting.Name.PadRight(nameWidth)}  {value}  ({values.Source(setting)})");
                output.WriteLine($"    {Plain(setting.Meaning)} Default: {setting.Default ?? Plain(setting.UnsetMeaning)}.");
            }

            output.WriteLine();
        }
    }

    private static string Plain(string markdown) => markdown.Replace("`", "", StringComparison.Ordinal);
}
