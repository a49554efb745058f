using System.Text.Json;

namespace McpQdrant.Server.Hosting.Configuration.Loading;

/// <summary>Reads a settings file: a JSON object of names and values, or of sections that hold them. Comments and trailing commas may stand in it.</summary>
internal static class SettingsFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="InvalidSettingsException">The file can't be read, or is no such JSON.</exception>
    public static SettingLayer Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw Invalid(path, "it must hold a JSON object");

            var entries = new List<KeyValuePair<string, string>>();
            Flatten("", json.RootElement, entries);

            return new(SettingOrigin.File, entries, path);
        }
        catch (JsonException invalid)
        {
            throw Invalid(path, $"line {invalid.LineNumber + 1}, byte {invalid.BytePositionInLine + 1} is no JSON");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, unreadable.Message);
        }
    }

    /// <summary>An array is kept as JSON: the settings that hold several values read that as well.</summary>
    private static void Flatten(string section, JsonElement json, List<KeyValuePair<string, string>> entries)
    {
        foreach (var property in json.EnumerateObject())
        {
            var key = $"{section}{property.Name}";
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Flatten($"{key}:", property.Value, entries);
                    break;
                case JsonValueKind.String:
                    entries.Add(new(key, property.Value.GetString()!));
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    entries.Add(new(key, property.Value.GetRawText()));
                    break;
            }
        }
    }

    private static InvalidSettingsException Invalid(string path, string reason) => new([$"The settings file {path} can't be read: {reason.TrimEnd('.')}."]);
}
