namespace McpQdrant.Server.Configuration;

/// <inheritdoc/>
/// <remarks>It adds only the type: the less there is for each of them, the less is compiled at each start.</remarks>
internal sealed class SettingFormat<T> : SettingFormat
{
    public SettingFormat(string allowed, Func<string, T> read)
        : base(allowed, text => read(text)!)
    {
    }

    /// <param name="untyped">Reads values of this type.</param>
    public SettingFormat(SettingFormat untyped)
        : base(untyped.Allowed, untyped.Read)
    {
    }

    public T ReadTyped(string text) => (T)Read(text);
}
