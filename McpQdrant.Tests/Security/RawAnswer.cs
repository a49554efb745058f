using System.Globalization;

namespace McpQdrant.Tests.Security;

/// <param name="Status">0 where the server closed the connection without a word.</param>
/// <param name="Text">All of it, the head too.</param>
internal sealed record RawAnswer(int Status, string Text)
{
    public static RawAnswer Of(string received) =>
        new(received.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(received[9..12], CultureInfo.InvariantCulture) : 0, received);
}
