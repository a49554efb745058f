namespace McpQdrant.Server.Hosting.Configuration.Loading;

/// <summary>Reads a secret from the file that a variable <c>NAME_FILE</c> gives.</summary>
internal static class SecretFile
{
    public const string Suffix = "_FILE";

    private const int MaxBytes = 64 * 1024;

    /// <returns>The file's text without the line break at its end.</returns>
    /// <exception cref="SettingException">
    /// The file can't be read, or is empty: a secret that was meant to be there and isn't would open what it was to close.
    /// </exception>
    public static string Read(string text)
    {
        var path = PathFormats.Absolute(text);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
                throw new SettingException($"{SettingText.Quote(path)} is too large for a secret; at most {MaxBytes / 1024} KiB are read.");

            var secret = File.ReadAllText(path).TrimEnd('\r', '\n');
            return string.IsNullOrWhiteSpace(secret) ? throw new SettingException($"{SettingText.Quote(path)} is empty.") : secret;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"the secret can't be read: {unreadable.Message}");
        }
    }
}
