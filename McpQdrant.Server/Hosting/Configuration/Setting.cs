namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>One setting, by which it is bound, checked, printed and documented.</summary>
internal abstract class Setting(string name, SettingFormat format)
{
    /// <summary>The name of its environment variable.</summary>
    public string Name { get; } = name;

    /// <summary>How its values are written.</summary>
    public SettingFormat Format { get; } = format;

    /// <summary>Other names for it. Where several are set in one place, the first counts.</summary>
    public IReadOnlyList<string> Synonyms { get; init; } = [];

    /// <summary>The command line option that sets it, for instance <c>--port</c>; null for none.</summary>
    public string? Option { get; init; }

    /// <summary>Its value is never printed, and may be read from the file that <c>NAME_FILE</c> gives.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The default as one would write it; null where unset means something else.</summary>
    public string? Default { get; init; }

    /// <summary>What it means to leave it unset where there is no <see cref="Default"/>, in Markdown.</summary>
    public string UnsetMeaning { get; init; } = "none";

    /// <summary>What it does, in one or two sentences of Markdown.</summary>
    public required string Meaning { get; init; }

    /// <summary>The value says more than the text it was read from, and is what is printed.</summary>
    public bool ShowsValue { get; init; }

    public IReadOnlyList<string> Names => field ??= [Name, .. Synonyms];

    /// <summary>The value where nothing sets it.</summary>
    public object? DefaultValue => Default is null ? ValueWhenUnset : Format.Read(Default);

    private protected object? ValueWhenUnset { get; init; }
}

/// <inheritdoc/>
/// <typeparam name="T">The type of its values; nullable where it may be unset and has no default.</typeparam>
internal sealed class Setting<T>(string name, SettingFormat<T> format) : Setting(name, format)
{
    /// <summary>The value where nothing sets it and there is no <see cref="Setting.Default"/>.</summary>
    public T Unset { init => ValueWhenUnset = value; }
}
