namespace McpQdrant.Server.Hosting.Configuration.Loading;

/// <summary>Reads every setting from the layers and collects every complaint.</summary>
internal sealed class SettingsLoader
{
    private readonly Dictionary<Setting, SettingValue> values = [];
    private readonly HashSet<Setting> refused = [];
    private readonly List<string> errors = [];
    private readonly List<string> warnings = [];

    /// <inheritdoc cref="SettingValues.Load"/>
    public static SettingValues Load(
        IReadOnlyDictionary<string, string> commandLine, IReadOnlyDictionary<string, string> environment, string programFile)
    {
        var loader = new SettingsLoader();
        List<SettingLayer> layers = [new(SettingOrigin.CommandLine, commandLine), new(SettingOrigin.Environment, environment)];

        loader.Read(Settings.File, layers);
        loader.AddFiles(layers, programFile);
        foreach (var setting in Settings.All)
            if (setting != Settings.File)
                loader.Read(setting, layers);

        return loader.Complete(layers);
    }

    private void AddFiles(List<SettingLayer> layers, string programFile)
    {
        string?[] files = [(string?)values[Settings.File].Value, File.Exists(programFile) ? programFile : null];
        foreach (var file in files.OfType<string>())
        {
            try
            {
                layers.Add(SettingsFile.Read(file));
            }
            catch (InvalidSettingsException invalid)
            {
                errors.AddRange(invalid.Errors);
            }
        }
    }

    private void Read(Setting setting, List<SettingLayer> layers)
    {
        foreach (var layer in layers)
        {
            foreach (var name in setting.Option is null ? setting.Names : [setting.Option, .. setting.Names])
            {
                if (Find(setting, layer, name) is not { } found)
                    continue;

                values[setting] = Read(setting, found);
                return;
            }
        }

        values[setting] = new(setting.DefaultValue, setting.Default, SettingSource.Default);
    }

    private (SettingSource Source, string Text, bool IsFile)? Find(Setting setting, SettingLayer layer, string name)
    {
        var direct = layer.Find(name);
        var file = setting.IsSecret ? layer.Find(name + SecretFile.Suffix) : null;
        if (direct is not null && file is not null)
            Refuse(setting, $"{direct.Value.Source.Subject} and {file.Value.Source.Subject} are both set. Set only one of them.");

        return direct is { } text ? (text.Source, text.Text, false) : file is { } path ? (path.Source, path.Text, true) : null;
    }

    private SettingValue Read(Setting setting, (SettingSource Source, string Text, bool IsFile) found)
    {
        var text = found.Text;
        try
        {
            if (found.IsFile)
                text = SecretFile.Read(text);

            return new(setting.Format.Read(text), text, found.Source);
        }
        catch (SettingException refusal)
        {
            Refuse(setting, refusal.Sentence(setting, found.Source.Subject, text));
            return new(setting.DefaultValue, setting.Default, found.Source);
        }
    }

    private void Refuse(Setting setting, string error)
    {
        refused.Add(setting);
        errors.Add(error);
    }

    private SettingValues Complete(List<SettingLayer> layers)
    {
        if (StoreChoice.Complete(values, StoreChoice.UserData()) is { } complaint)
            errors.Add(complaint);
        var settings = new SettingValues(values, warnings);
        errors.AddRange(SettingRules.Complaints(settings, refused));
        if (errors.Count > 0)
            throw new InvalidSettingsException(errors);

        warnings.AddRange(UnknownSettings.Warnings(layers));
        warnings.AddRange(SettingRules.Warnings(settings));

        return settings;
    }
}
