using System.Buffers.Text;
using System.Security.Cryptography;

namespace McpQdrant.Server.Authentication.Keys;

/// <summary>A file that holds nothing but a random key.</summary>
internal static class KeyFile
{
    private const int RandomBytes = 32;

    /// <summary>Creates the file with a new key in it, unless a file is there already.</summary>
    /// <param name="mode">Who may read the file, where the system knows such rights.</param>
    /// <returns>Whether the file was created.</returns>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written to.</exception>
    public static bool Create(string path, UnixFileMode mode)
    {
        if (File.Exists(path))
            return false;

        // The file gets its name when it is complete: another process that waits for the name never reads half a key.
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var writer = new StreamWriter(unfinished, options))
                writer.WriteLine(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(unfinished, mode);
            File.Move(unfinished, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
