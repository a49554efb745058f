using System.Runtime.InteropServices;

namespace McpQdrant.Server.Mcp.Stdio;

/// <summary>Tells whether this process was given a standard input.</summary>
/// <remarks>
/// Where it was started with a closed one, the runtime's first own file gets the number 0, and reading from it would wait for ever. The
/// runtime's files are closed on <c>exec</c>; an input that was handed down can't be.
/// </remarks>
internal static partial class StandardInput
{
    public const string IsClosed =
        "Standard input is closed, so no client can speak to this server. Start it from an MCP client, which opens it, or with --transport http.";

    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;

    public static bool IsOpen => OperatingSystem.IsWindows() || (Control(0, GetDescriptorFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);
}
