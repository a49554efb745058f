using System.CommandLine;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Cli.Remote;

/// <summary><c>--server URL --key-file FILE</c>: a command asks a running server in place of the store.</summary>
internal static class ServerOptions
{
    private static readonly Option<string> Server = new("--server")
    {
        Description = "Asks a running server at this address in place of the store, for instance http://localhost:8000.",
        HelpName = "URL",
    };

    private static readonly Option<string> KeyFile = new("--key-file")
    {
        Description = "With --server: a file that holds the key or token to send.",
        HelpName = "FILE",
    };

    public static Command AddServerOptions(this Command command)
    {
        command.Options.Add(Server);
        command.Options.Add(KeyFile);
        command.Validators.Add(given =>
        {
            if (given.GetResult(KeyFile) is not null && given.GetResult(Server) is null)
                given.AddError("--key-file is for --server.");
        });
        return command;
    }

    /// <returns>Where its MCP endpoint is; null for the store itself.</returns>
    /// <exception cref="MemoryException">It is no address of a server.</exception>
    public static Uri? AddressOf(ParseResult result)
    {
        if (result.GetValue(Server) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            throw new MemoryException("--server takes the address of a server without a name and password in it, such as http://localhost:8000 or https://memory.example.com/mcp.");

        // The key would go to whoever listens on the way.
        if (result.GetValue(KeyFile) is not null && address is { Scheme: "http", IsLoopback: false })
            result.InvocationConfiguration.Error.WriteLine($"The key goes to {address.Host} unencrypted. Use https where the network isn't trusted.");
        return address.AbsolutePath == "/" ? new Uri(address, "/mcp") : address;
    }

    /// <exception cref="MemoryException">The file can't be read, or has no key.</exception>
    public static string? KeyOf(ParseResult result)
    {
        if (result.GetValue(KeyFile) is not { } path)
            return null;
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } key && !key.Any(char.IsControl)
                ? key
                : throw new MemoryException($"There is no key in {path}: it takes one line.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"The key can't be read from {path}: {failure.Message}", failure);
        }
    }
}
