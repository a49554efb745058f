using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace McpQdrant.Embeddings.Local;

/// <summary>ONNX Runtime's own telemetry, which since 1.31 reports to its makers on every platform: a memory tells nobody that it is used.</summary>
internal static partial class OnnxTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<bool> TurnedOff = new(TurnOffNow);

    /// <summary>To be called before anything else of ONNX Runtime, which reports that it was loaded.</summary>
    public static void TurnOff() => _ = TurnedOff.Value;

    private static bool TurnOffNow()
    {
        // The library reads its own process's environment, of which .NET keeps a copy on Unix.
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows() && SetNative(Variable, "1", 1) != 0)
            throw new InvalidOperationException($"{Variable} can't be set, so ONNX Runtime's telemetry would be on.");

        OrtEnv.Instance().DisableTelemetryEvents();
        return true;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNative(string name, string value, int overwrite);
}
