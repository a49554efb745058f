namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>Paths, made absolute; <c>~/</c> is the user's home, since clients that start the server use no shell.</summary>
internal static class PathFormats
{
    public static SettingFormat<string> ExistingFile { get; } = new("a file that is there", text =>
        Absolute(text) is var path && File.Exists(path) ? path : throw new SettingException($"there is no file {SettingText.Quote(path)}."));

    public static SettingFormat<string> ExistingFolder { get; } = new("a folder that is there", text =>
        Absolute(text) is var path && Directory.Exists(path) ? path : throw new SettingException($"there is no folder {SettingText.Quote(path)}."));

    /// <exception cref="SettingException">The text can't be a path.</exception>
    public static string Absolute(string text)
    {
        var path = text.Trim();
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new SettingException();

        return path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.GetFullPath($"{Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}{path[1..]}")
            : Path.GetFullPath(path);
    }
}
