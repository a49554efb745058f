namespace McpQdrant.Server.Configuration;

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
