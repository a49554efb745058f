using System.Runtime.InteropServices;
using McpQdrant.Embeddings.Local;

namespace McpQdrant.Tests.Embeddings.Local;

public sealed partial class OnnxTelemetryTests
{
    [Fact]
    public void TurnOff_is_seen_by_native_code()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the environment is one.");

        OnnxTelemetry.TurnOff();

        Assert.Equal("1", Marshal.PtrToStringUTF8(Native("ORT_DISABLE_TELEMETRY")));
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial IntPtr Native(string name);
}
