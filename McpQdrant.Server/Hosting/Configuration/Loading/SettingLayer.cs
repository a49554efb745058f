
namespace McpQdrant.Server.Hosting.Configuration.Loading;

/// <summary>What one place sets: the command line, the environment or a file.</summary>
/// <remarks>
/// Names count in any case. A name with sections, <c>Qdrant__Url</c> or <c>Qdrant:Url</c>, means the setting <c>QDRANT_URL</c>;
/// within a section underscores don't count, so that <c>Qdrant:ApiKey</c> is <c>QDRANT_API_KEY</c>.
/// </remarks>
internal sealed class SettingLayer
{
    private readonly Dictionary<string, (string Key, string Text)> flat = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (string Key, string Text)> sectioned = new(StringComparer.OrdinalIgnoreCase);
    private readonly SettingOrigin origin;
    private readonly string? file;

    /// <param name="entries">Keys and texts; an empty text counts as unset.</param>
    public SettingLayer(SettingOrigin origin, IEnumerable<KeyValuePair<string, string>> entries, string? file = null)
    {
        this.origin = origin;
        this.file = file;
        foreach (var (key, text) in entries)
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;

            flat.TryAdd(key, (key, text));
            if (HasSections(key))
                sectioned.TryAdd(SettingName.Letters(key), (key, text));
        }
    }

    /// <summary>Every key that is set here.</summary>
    public IEnumerable<string> Keys => flat.Keys;

    /// <summary>What is set for a name.</summary>
    public (SettingSource Source, string Text)? Find(string name) =>
        flat.TryGetValue(name, out var entry) || sectioned.TryGetValue(SettingName.Letters(name), out entry)
            ? (new(origin, entry.Key, file), entry.Text)
            : null;

    public static bool HasSections(string key) => key.Contains(':', StringComparison.Ordinal) || key.Contains("__", StringComparison.Ordinal);
}

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
