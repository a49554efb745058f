using System.Runtime.InteropServices;

namespace McpQdrant.Embeddings.Local;

/// <summary>The C library's heap, which ONNX Runtime uses.</summary>
internal static partial class NativeHeap
{
    /// <summary>Returns freed memory to the system: loading a model leaves behind what it read, and glibc would keep that for later.</summary>
    /// <remarks>About 10 MB with the model that ships. Other C libraries return memory by themselves, or have no such call.</remarks>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Trim(0);   // whether there was anything to return doesn't matter
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl: nothing to be called.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint pad);
}
