using System.Diagnostics;
using McpQdrant.Tests.Server.Observability;

namespace McpQdrant.Tests.Protocol;

/// <summary>Memories on a mount that can only be read: they are found, and a store says why it can't be done.</summary>
public sealed class ReadOnlyFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Memories_are_found_on_a_mount_for_reading_alone(string readOnly)
    {
        Assert.SkipUnless(CanMount(), "No mount can be made here.");
        await using (var writer = ServerProcess.Start([], Environment("false")))
        {
            await writer.WriteAsync(Messages.Initialize(), Messages.Initialized, Messages.Store(1, "The deploy key rotates on Mondays."));
            writer.CloseInput();
            await writer.ReadToEndAsync();
            await writer.WaitForExitAsync();
        }

        await using var reader = ServerProcess.Start(
            "unshare", ["-rm", "sh", "-c", $"mount --bind '{_folder.Path}' '{_folder.Path}' && mount -o remount,ro,bind '{_folder.Path}' && exec '{ServerProcess.Binary}'"],
            Environment(readOnly));
        await reader.WriteAsync(Messages.Initialize(), Messages.Initialized, Messages.Find(1, "When does the deploy key rotate?"), Messages.Store(2, "The door code is 1234."));
        reader.CloseInput();
        var lines = await reader.ReadToEndAsync();

        Assert.Equal(0, await reader.WaitForExitAsync());
        Assert.Contains("Mondays", lines.Reply(1).GetRawText(), StringComparison.Ordinal);
        if (readOnly == "false")
            Assert.StartsWith("The data folder is read-only, so nothing was stored.", lines.Reply(2).Text(), StringComparison.Ordinal);
    }

    private Dictionary<string, string?> Environment(string readOnly) => new()
    {
        ["QDRANT_LOCAL_PATH"] = _folder.Path,
        ["QDRANT_READ_ONLY"] = readOnly,
        ["EMBEDDING_MODEL_PATH"] = Watched.TinyModel,
    };

    private static bool CanMount()
    {
        if (!OperatingSystem.IsLinux())
            return false;

        try
        {
            using var process = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "--bind", "/tmp", "/tmp"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
