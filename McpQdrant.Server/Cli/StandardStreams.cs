using System.Runtime.InteropServices;

namespace McpQdrant.Server.Cli;

/// <summary>Finds out whether standard input and output can carry a protocol, before anything is read from them.</summary>
/// <remarks>A start without them, or with a folder in their place, would end at once, as if the client had said goodbye.</remarks>
internal static partial class StandardStreams
{
    private const int GetDescriptorFlags = 1;   // F_GETFD, as the others the same on Linux and macOS
    private const int CloseOnExec = 1;          // FD_CLOEXEC
    private const int GetFlags = 3;             // F_GETFL
    private const int AccessMode = 3;           // O_ACCMODE
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const string HowToStart = "Start the server from an MCP client, or serve over HTTP with --transport http.";

    /// <returns>What is wrong, in a sentence; null where all is well.</returns>
    public static string? Problem()
    {
        if (OperatingSystem.IsWindows())
            return null;

        if (IsClosed(0))
            return $"Standard input is closed, so no request can come. {HowToStart}";
        if ((Control(0, GetFlags) & AccessMode) == WriteOnly)
            return $"Standard input can't be read. {HowToStart}";
        if (Directory.Exists("/dev/fd/0"))
            return $"Standard input is a folder, so no request can come from it. {HowToStart}";
        if (IsClosed(1))
            return $"Standard output is closed, so no answer can be given. {HowToStart}";
        return (Control(1, GetFlags) & AccessMode) == ReadOnly ? $"Standard output can't be written to. {HowToStart}" : null;
    }

    /// <summary>The runtime's own files take the numbers that are free. They end with this program (close-on-exec), which nothing that it was given can do.</summary>
    private static bool IsClosed(int descriptor) => Control(descriptor, GetDescriptorFlags) is var flags && (flags < 0 || (flags & CloseOnExec) != 0);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command);
}
