namespace McpQdrant.Server.Hosting.Configuration;

/// <summary>How a value is written, whatever its type.</summary>
/// <param name="allowed">What a value may be, to follow "must be": for instance <c>a whole number from 1 to 100</c>.</param>
/// <param name="read">Reads a value, or throws a <see cref="SettingException"/>.</param>
internal class SettingFormat(string allowed, Func<string, object> read)
{
    public string Allowed { get; } = allowed;

    public Func<string, object> Read { get; } = read;
}

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

/// <summary>A text that a setting doesn't allow.</summary>
/// <param name="reason">
/// Sentences that say more than what is allowed in general; null for no more than that. They never hold a secret's text.
/// </param>
internal sealed class SettingException(string? reason = null) : Exception(reason ?? "The value isn't allowed.")
{
    public bool HasReason { get; } = reason is not null;

    /// <summary>The whole complaint.</summary>
    /// <param name="subject">The variable, option or key that held the text.</param>
    public string Sentence(Setting setting, string subject, string text)
    {
        if (reason is not null)
            return $"{subject}: {reason}";

        return setting.IsSecret
            ? $"{subject} must be {setting.Format.Allowed}."
            : $"{subject} is {SettingText.Quote(text)}, but must be {setting.Format.Allowed}.";
    }
}
