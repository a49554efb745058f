using System.Text;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Cli.Memories;

/// <summary>A text from the command line, or from standard input.</summary>
internal static class TextInput
{
    /// <summary>In place of a text: it is on standard input.</summary>
    public const string Standard = "-";

    /// <param name="given">The argument; null where there is none.</param>
    /// <exception cref="MemoryException">There is no text, or it is too long or no UTF-8.</exception>
    public static async Task<string> ReadAsync(string? given, CancellationToken cancellationToken)
    {
        var text = given is null or Standard ? await ReadStandardAsync(given, cancellationToken) : given;
        return string.IsNullOrWhiteSpace(text) ? throw new MemoryException("The text is empty. Give it as an argument, or on standard input.") : text;
    }

    private static async Task<string> ReadStandardAsync(string? given, CancellationToken cancellationToken)
    {
        if (given is null && !Console.IsInputRedirected)
            throw new MemoryException("There is no text. Give it as an argument, or on standard input.");

        using var bytes = new MemoryStream();
        var (input, buffer) = (Console.OpenStandardInput(), new byte[16 * 1024]);
        while (await input.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MemoryLimits.MaxTextBytes + 2)
                throw new MemoryException($"The text on standard input is longer than {MemoryLimits.MaxTextBytes:N0} bytes. Split it into several memories.");
        }
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF').TrimEnd('\r', '\n');
        }
        catch (DecoderFallbackException)
        {
            throw new MemoryException("The text on standard input is not UTF-8. Convert it, for instance with iconv.");
        }
    }
}
