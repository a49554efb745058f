using System.Globalization;
using System.Text;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Cli.Install;

/// <summary>A client's configuration on disk. A link to a file elsewhere stays one; rights, line ends and a mark of the byte order stay as they are.</summary>
internal sealed class ConfigurationFile(string path)
{
    private const int MaxBytes = 64 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private bool _hasMark;

    public string Path { get; } = path;

    /// <returns>Empty where there is no such file.</returns>
    /// <exception cref="MemoryException">It can't be read.</exception>
    public string Read()
    {
        try
        {
            if (new FileInfo(Path) is not { Exists: true } info)
                return "";
            if (info.Length > MaxBytes)
                throw new MemoryException($"{Path} is larger than a configuration is, so it was left alone.");
            var text = Strict.GetString(File.ReadAllBytes(Path));
            _hasMark = text.StartsWith('\uFEFF');
            return _hasMark ? text[1..] : text;
        }
        catch (DecoderFallbackException wrong)
        {
            throw new MemoryException($"{Path} is not UTF-8, so it was left alone.", wrong);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"{Path} can't be read: {denied.Message}", denied);
        }
    }

    /// <summary>Keeps a copy, and replaces the file in one step.</summary>
    /// <returns>The copy's path; null where there was no file.</returns>
    /// <exception cref="MemoryException">It can't be written.</exception>
    public string? Write(string text)
    {
        try
        {
            var target = File.Exists(Path) ? File.ResolveLinkTarget(Path, returnFinalTarget: true)?.FullName ?? Path : Path;
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            string? copy = null;
            if (File.Exists(target))
            {
                copy = string.Create(CultureInfo.InvariantCulture, $"{target}.{DateTime.UtcNow:yyyyMMdd-HHmmss-fffffff}.bak");
                File.Copy(target, copy);
            }
            var temporary = $"{target}.{Guid.NewGuid():N}";
            // A copy has the rights of the file, which may hold keys of other servers.
            if (copy is not null)
                File.Copy(copy, temporary);
            File.WriteAllBytes(temporary, Encoding.UTF8.GetBytes(_hasMark ? $"\uFEFF{text}" : text));
            File.Move(temporary, target, overwrite: true);
            return copy;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new MemoryException($"{Path} can't be written: {denied.Message}", denied);
        }
    }
}
