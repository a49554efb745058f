namespace McpQdrant.Server.Commands;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It could not do what it was asked.</summary>
    public const int Failure = 1;
}
