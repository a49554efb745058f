namespace McpQdrant.Server.Configuration.Loading;

internal static class SettingName
{
    /// <summary>A name's letters and digits, in upper case: what all spellings of it share.</summary>
    public static string Letters(string name) => string.Create(
        name.Count(IsLetter), name, static (letters, name) =>
        {
            var at = 0;
            foreach (var character in name)
                if (IsLetter(character))
                    letters[at++] = char.ToUpperInvariant(character);
        });

    private static bool IsLetter(char character) => character is not ('_' or ':');
}
