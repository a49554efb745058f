namespace McpQdrant.Server.Configuration;

/// <summary>A setting's value in force.</summary>
/// <param name="Text">The text it was read from; null where nothing and no default sets it.</param>
internal sealed record SettingValue(object? Value, string? Text, SettingSource Source)
{
    /// <summary>Values may be secret, so none is printed.</summary>
    public override string ToString() => Source.ToString();
}
