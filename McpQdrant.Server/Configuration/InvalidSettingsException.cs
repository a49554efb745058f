namespace McpQdrant.Server.Configuration;

/// <summary>Settings that the server can't start with: the message has a sentence for each.</summary>
internal sealed class InvalidSettingsException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>The exit code of a program that was not started for it.</summary>
    public const int ExitCode = 2;

    public IReadOnlyList<string> Errors { get; } = errors;
}
