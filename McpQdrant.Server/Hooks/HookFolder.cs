using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using McpQdrant.Core.Json;
using McpQdrant.Core.Memories;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Server.Hosting.Configuration.Loading;

namespace McpQdrant.Server.Hooks;

/// <summary>The folder <c>hooks</c> beside the memories: what hooks know of sessions, what awaits approval, and what went wrong. For its owner only.</summary>
internal sealed class HookFolder(string path)
{
    private const int MaxLogBytes = 1024 * 1024;

    public string Sessions { get; } = Path.Combine(path, "sessions");

    public string Reviews { get; } = Path.Combine(path, "review");

    public string LogFile { get; } = Path.Combine(path, "hook.log");

    /// <summary>In the data folder; where memories are on a server, in the user's data folder.</summary>
    /// <param name="settings">Null where they can't be used: what is wrong with them is for the log.</param>
    public static HookFolder Of(SettingValues? settings)
    {
        var data = settings is not null && StoreLocation.From(settings) is StoreLocation.Folder folder ? folder.Path : Path.Combine(StoreChoice.UserData(), "mcp-server-qdrant");
        return new HookFolder(Path.Combine(data, "hooks"));
    }

    /// <summary>A name for a file that stands for any text.</summary>
    public static string FileNameOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));

    /// <summary>Replaces a file in one step, so that another hook reads the old one or the new one.</summary>
    public static void Write(string file, ReadOnlySpan<byte> bytes)
    {
        Make(Path.GetDirectoryName(file)!);
        var temporary = $"{file}.{Guid.NewGuid():N}";
        using (var stream = Open(temporary, FileMode.CreateNew))
            stream.Write(bytes);
        File.Move(temporary, file, overwrite: true);
    }

    public static void Append(string file, string text)
    {
        Make(Path.GetDirectoryName(file)!);
        using var stream = Open(file, FileMode.Append);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes down what went wrong. Where that can't be written either, nobody can be told.</summary>
    public void Log(string hook, Exception failure)
    {
        try
        {
            if (new FileInfo(LogFile) is { Exists: true, Length: > MaxLogBytes })
                File.Move(LogFile, $"{LogFile}.1", overwrite: true);
            var what = failure is MemoryException or InvalidSettingsException ? failure.Message : failure.ToString();
            Append(LogFile, string.Create(CultureInfo.InvariantCulture, $"{Rfc3339.Write(DateTimeOffset.UtcNow)} {hook}: {what.ReplaceLineEndings(" ")}\n"));
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // A hook is silent: it must not disturb the session.
        }
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static FileStream Open(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, options);
    }
}
