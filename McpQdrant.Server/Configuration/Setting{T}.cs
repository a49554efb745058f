namespace McpQdrant.Server.Configuration;

/// <inheritdoc/>
/// <typeparam name="T">The type of its values; nullable where it may be unset and has no default.</typeparam>
internal sealed class Setting<T>(string name, SettingFormat<T> format) : Setting(name, format)
{
    /// <summary>The value where nothing sets it and there is no <see cref="Setting.Default"/>.</summary>
    public T Unset { init => ValueWhenUnset = value; }
}
