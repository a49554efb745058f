using System.Text.Json;

namespace McpQdrant.Server.Hosting.Configuration.Reports;

/// <summary>The settings in force, for programs: an array of objects.</summary>
internal static class SettingsJson
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(SettingValues values)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartArray();
            foreach (var group in Settings.Groups)
                foreach (var setting in group.Settings)
                    Write(json, group, setting, values);

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Values are strings as one would write them; null where there is none. <c>key</c> and <c>file</c> say where exactly it was set.</summary>
    private static void Write(Utf8JsonWriter json, SettingGroup group, Setting setting, SettingValues values)
    {
        var source = values.Source(setting);
        json.WriteStartObject();
        json.WriteString("name", setting.Name);
        json.WriteString("value", values.Show(setting));
        json.WriteString("source", source.Place);
        json.WriteString("key", source.Key);
        json.WriteString("file", source.File);
        json.WriteString("default", setting.Default);
        json.WriteString("meaning", setting.Meaning);
        json.WriteString("allowed", setting.Format.Allowed);
        json.WriteBoolean("secret", setting.IsSecret);
        json.WriteString("option", setting.Option);
        json.WriteStartArray("synonyms");
        foreach (var synonym in setting.Synonyms)
            json.WriteStringValue(synonym);

        json.WriteEndArray();
        json.WriteString("group", group.Title);
        json.WriteEndObject();
    }
}
