using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace McpQdrant.Tests.Deployment;

/// <summary>What <c>scripts/package.py</c> makes of a published folder is what npm, pip and Claude Desktop expect.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_package_holds_the_program_and_says_what_it_is()
    {
        await PackAsync();
        var files = Directory.GetFiles(_folder.File("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(5, files.Count);
        var wheel = await ReadZipAsync(Assert.Single(files, file => file!.EndsWith("-py3-none-manylinux_2_35_x86_64.whl", StringComparison.Ordinal))!);
        AssertProgram(wheel, "mcpqdrant/bin/mcp-server-qdrant");
        AssertRecord(wheel);
        var bundle = await ReadZipAsync(Assert.Single(files, file => file!.EndsWith("-linux-x64.mcpb", StringComparison.Ordinal))!);
        var entryPoint = Json(bundle, "manifest.json").GetProperty("server").GetProperty("entry_point").GetString()!;
        AssertProgram(bundle, entryPoint);
        var archive = await ReadTarAsync(Assert.Single(files, file => file!.EndsWith("-linux-x64.tar.gz", StringComparison.Ordinal))!);
        AssertProgram(archive, archive.Keys.Single(file => file.EndsWith("/mcp-server-qdrant", StringComparison.Ordinal)));
        var platform = await ReadTarAsync(Assert.Single(files, file => file!.StartsWith("mcpqdrant-linux-x64-", StringComparison.Ordinal))!);
        AssertProgram(platform, "package/bin/mcp-server-qdrant");
        var main = Json(await ReadTarAsync(Assert.Single(files, file => file!.StartsWith("mcp-server-qdrant-", StringComparison.Ordinal) && file.EndsWith(".tgz", StringComparison.Ordinal))!), "package/package.json");
        var name = Json(platform, "package/package.json").GetProperty("name").GetString()!;
        Assert.Equal(Json(platform, "package/package.json").GetProperty("version").GetString(), main.GetProperty("optionalDependencies").GetProperty(name).GetString());
        Assert.False(main.TryGetProperty("scripts", out _), "An install script could download something.");
    }

    private async Task PackAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The rights of files are those of Linux and macOS.");
        Directory.CreateDirectory(_folder.File("published/models"));
        _folder.Write("published/mcp-server-qdrant", "#!/bin/sh\n");
        _folder.Write("published/mcp-server-qdrant.pdb", "not for users");
        _folder.Write("published/models/model.onnx", "a model");
        await Script.PythonAsync("scripts/package.py", "linux-x64", _folder.File("published"), _folder.File("out"));
    }

    private static void AssertProgram(Dictionary<string, (byte[] Data, bool MayRun)> files, string program)
    {
        Assert.True(files[program].MayRun, $"{program} can't be run.");
        Assert.Contains(files, file => file.Key.EndsWith("models/model.onnx", StringComparison.Ordinal) && !file.Value.MayRun);
        Assert.Contains(files, file => file.Key.EndsWith("LICENSE", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.Key.EndsWith(".pdb", StringComparison.Ordinal));
    }

    /// <summary>pip compares each file with its hash.</summary>
    private static void AssertRecord(Dictionary<string, (byte[] Data, bool MayRun)> files)
    {
        var record = files.Single(file => file.Key.EndsWith(".dist-info/RECORD", StringComparison.Ordinal));
        var lines = Encoding.UTF8.GetString(record.Value.Data).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToDictionary(parts => parts[0], parts => parts[1]);
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), lines.Keys.Order(StringComparer.Ordinal));
        Assert.All(files.Where(file => file.Key != record.Key), file => Assert.Equal(
            $"sha256={Convert.ToBase64String(SHA256.HashData(file.Value.Data)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}", lines[file.Key]));
    }

    private async Task<Dictionary<string, (byte[] Data, bool MayRun)>> ReadZipAsync(string name)
    {
        var files = new Dictionary<string, (byte[], bool)>();
        await using var zip = await ZipFile.OpenReadAsync(Path.Combine(_folder.File("out"), name), TestContext.Current.CancellationToken);
        foreach (var entry in zip.Entries)
        {
            using var bytes = new MemoryStream();
            await using (var stream = await entry.OpenAsync(TestContext.Current.CancellationToken))
                await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            files.Add(entry.FullName, (bytes.ToArray(), ((entry.ExternalAttributes >> 16) & 0b001_000_000) != 0));
        }
        return files;
    }

    private async Task<Dictionary<string, (byte[] Data, bool MayRun)>> ReadTarAsync(string name)
    {
        var files = new Dictionary<string, (byte[], bool)>();
        await using var packed = new GZipStream(File.OpenRead(Path.Combine(_folder.File("out"), name)), CompressionMode.Decompress);
        await using var tar = new TarReader(packed);
        while (await tar.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
        {
            using var bytes = new MemoryStream();
            if (entry.DataStream is { } data)
                await data.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            files.Add(entry.Name, (bytes.ToArray(), entry.Mode.HasFlag(UnixFileMode.UserExecute)));
        }
        return files;
    }

    private static JsonElement Json(Dictionary<string, (byte[] Data, bool MayRun)> files, string name) => JsonElement.Parse(files[name].Data);
}
