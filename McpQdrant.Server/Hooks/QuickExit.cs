using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace McpQdrant.Server.Hooks;

/// <summary>Ends the process at once, without the runtime's and the libraries' own endings: those wait for threads that hang, and ONNX Runtime crashes if it still runs.</summary>
internal static partial class QuickExit
{
    [DoesNotReturn]
    public static void WithSuccess()
    {
        if (OperatingSystem.IsWindows())
            TerminateProcess(-1, 0);
        else
            ExitNow(0);
        throw new InvalidOperationException("The process has ended.");
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitNow(int code);

    /// <param name="process">-1 stands for this one.</param>
    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint code);
}
