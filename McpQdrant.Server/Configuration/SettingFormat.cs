namespace McpQdrant.Server.Configuration;

/// <summary>How a value is written, whatever its type.</summary>
/// <param name="allowed">What a value may be, to follow "must be": for instance <c>a whole number from 1 to 100</c>.</param>
/// <param name="read">Reads a value, or throws a <see cref="SettingException"/>.</param>
internal class SettingFormat(string allowed, Func<string, object> read)
{
    public string Allowed { get; } = allowed;

    public Func<string, object> Read { get; } = read;
}
