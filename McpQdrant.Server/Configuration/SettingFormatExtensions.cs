namespace McpQdrant.Server.Configuration;

internal static class SettingFormatExtensions
{
    /// <summary>The same format for a setting that may be unset.</summary>
    public static SettingFormat<T?> OrNull<T>(this SettingFormat<T> format)
        where T : struct => new(format);

    /// <inheritdoc cref="OrNull{T}(SettingFormat{T})"/>
    /// <param name="none">Only tells this overload from the one for structs.</param>
    public static SettingFormat<T?> OrNull<T>(this SettingFormat<T> format, T? none = null)
        where T : class => new(format);
}
