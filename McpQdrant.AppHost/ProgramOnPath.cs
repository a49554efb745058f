namespace McpQdrant.AppHost;

/// <summary>Finds programs as a shell does.</summary>
internal static class ProgramOnPath
{
    private static readonly string[] Endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];

    /// <returns>The program's file; null where no folder of the PATH has it.</returns>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Endings.Select(ending => Path.Combine(folder, name + ending)))
            .FirstOrDefault(File.Exists);
}
