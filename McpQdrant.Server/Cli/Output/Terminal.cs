namespace McpQdrant.Server.Cli.Output;

/// <summary>What a command prints to: how wide it is, and whether it shows colours.</summary>
/// <param name="Width">Columns; lines for people are no longer.</param>
internal sealed record Terminal(int Width, bool HasColours)
{
    private const int MinWidth = 40;

    /// <summary>Where nobody says how wide it is, a file for instance.</summary>
    private const int DefaultWidth = 100;

    public static Terminal Of(TextWriter output)
    {
        var isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var hasColours = isTerminal
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new Terminal(Math.Max(MinWidth, isTerminal ? WindowWidth() : DefaultWidth), hasColours);
    }

    public string Strong(string text) => HasColours ? $"\e[33m{text}\e[0m" : text;

    public string Faint(string text) => HasColours ? $"\e[2m{text}\e[0m" : text;

    private static int WindowWidth()
    {
        try
        {
            // 0 where the terminal doesn't say.
            return Console.WindowWidth is > 0 and var width ? width : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
