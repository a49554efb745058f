using System.Security.Cryptography;
using System.Text.Json;
using McpQdrant.Server.Hosting.Configuration;
using McpQdrant.Tests.Containers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpQdrant.Tests.Deployment;

/// <summary>What <c>scripts/release.py</c> makes of all platforms' packages names them as they are, and <c>scripts/install.sh</c> installs them, if they are whole.</summary>
public sealed class ReleaseTests(PackedRelease packed) : IClassFixture<PackedRelease>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    private string Release => _folder.File("release");

    public ValueTask InitializeAsync()
    {
        foreach (var file in Directory.GetFiles(packed.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Release, Path.GetRelativePath(packed.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    [Fact]
    public async Task Checksums_are_those_of_the_files_and_stand_wherever_a_file_is_named()
    {
        var sums = Sums();
        foreach (var (file, sum) in sums)
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Release, file), TestContext.Current.CancellationToken))), sum);

        var formula = await File.ReadAllTextAsync(Path.Combine(Release, "mcp-server-qdrant.rb"), TestContext.Current.CancellationToken);
        foreach (var platform in PackedRelease.Platforms.Where(platform => !platform.StartsWith("win", StringComparison.Ordinal)))
        {
            var sum = sums.Single(file => file.Key.EndsWith($"{platform}.tar.gz", StringComparison.Ordinal)).Value;
            Assert.Matches($"{platform}\\.tar\\.gz\"\\s+sha256 \"{sum}\"", formula);
        }

        var installers = Yaml.Parse(await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(Release, "winget"), "*.installer.yaml").Single(), TestContext.Current.CancellationToken))["Installers"]!.AsArray();
        Assert.Equal(2, installers.Count);
        Assert.All(installers, installer => Assert.Equal(sums[Path.GetFileName((string)installer!["InstallerUrl"]!)], ((string)installer["InstallerSha256"]!).ToLowerInvariant()));
    }

    [Fact]
    public async Task Description_for_the_registry_has_every_way_to_start_it()
    {
        var description = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(Release, "server.json"), TestContext.Current.CancellationToken));
        var packages = description.GetProperty("packages").EnumerateArray().ToList();

        Assert.Equal(
            ["mcpb", "npm", "nuget", "oci", "pypi"], packages.Select(package => package.GetProperty("registryType").GetString()!).Distinct().Order(StringComparer.Ordinal));
        var sums = Sums();
        Assert.All(
            packages.Where(package => package.GetProperty("registryType").GetString() == "mcpb"),
            bundle => Assert.Equal(sums[Path.GetFileName(bundle.GetProperty("identifier").GetString()!)], bundle.GetProperty("fileSha256").GetString()));
        Assert.All(
            packages.Where(package => package.TryGetProperty("environmentVariables", out _)).SelectMany(package => package.GetProperty("environmentVariables").EnumerateArray()),
            variable => Assert.Contains(Settings.All, setting => setting.Name == variable.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Release_without_a_platform_is_refused()
    {
        File.Delete(Directory.GetFiles(Release, "*-win-arm64.zip").Single());

        var (code, output) = await Script.RunAsync("python3", [Repository.File("scripts/release.py"), Release]);

        Assert.NotEqual(0, code);
        Assert.Contains("win-arm64.zip", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Installer_links_the_program_again_and_takes_it_away()
    {
        await using var mirror = await MirrorAsync();

        for (var time = 0; time < 2; time++)
        {
            var (code, output) = await InstallAsync(mirror);
            Assert.True(code == 0, output);
            Assert.Contains("1.2.3-of-the-test", output, StringComparison.Ordinal);
        }
        Assert.Equal("1.2.3-of-the-test", (await Script.RunAsync(_folder.File("home/.local/bin/mcp-server-qdrant"), [])).Output.Trim());

        var (gone, said) = await InstallAsync(mirror, "--uninstall");
        Assert.True(gone == 0, said);
        Assert.Empty(Directory.GetFiles(_folder.File("home"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("the archive", "The checksum of")]
    [InlineData("the line", "The release has no archive")]
    public async Task Installer_refuses_what_is_not_the_release(string what, string sentence)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "One platform's file is changed.");
        if (what == "the archive")
        {
            foreach (var archive in Directory.GetFiles(Release, "*-linux-*.tar.gz"))
                await File.AppendAllTextAsync(archive, "more", TestContext.Current.CancellationToken);
        }
        else
        {
            await File.WriteAllTextAsync(Path.Combine(Release, "SHA256SUMS"), "nothing here\n", TestContext.Current.CancellationToken);
        }
        await using var mirror = await MirrorAsync();

        var (code, output) = await InstallAsync(mirror);

        Assert.NotEqual(0, code);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(_folder.File("home")) ? Directory.GetFiles(_folder.File("home"), "*", SearchOption.AllDirectories) : []);
    }

    private Dictionary<string, string> Sums() => File.ReadLines(Path.Combine(Release, "SHA256SUMS")).Select(line => line.Split("  ")).ToDictionary(parts => parts[1], parts => parts[0]);

    private Task<(int Code, string Output)> InstallAsync(WebApplication mirror, params string[] arguments)
    {
        Directory.CreateDirectory(_folder.File("home"));
        var address = mirror.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return Script.RunAsync("sh", [Repository.File("scripts/install.sh"), .. arguments], new() { ["HOME"] = _folder.File("home"), ["MCP_SERVER_QDRANT_RELEASES"] = address });
    }

    /// <summary>The release as it would be downloaded.</summary>
    private async Task<WebApplication> MirrorAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/latest/download/{file}", (string file) => File.Exists(Path.Combine(Release, Path.GetFileName(file))) ? Results.File(Path.Combine(Release, Path.GetFileName(file))) : Results.NotFound());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}

/// <summary>A release of a program that only says its version, made once.</summary>
public sealed class PackedRelease : IAsyncLifetime
{
    public static readonly string[] Platforms = ["linux-x64", "linux-arm64", "osx-arm64", "win-x64", "win-arm64"];

    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.File("release");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The rights of files are those of Linux and macOS.");
        Directory.CreateDirectory(_folder.File("published/models"));
        _folder.Write("published/mcp-server-qdrant", "#!/bin/sh\necho 1.2.3-of-the-test\n");
        _folder.Write("published/models/model.onnx", "a model");
        foreach (var platform in Platforms)
            await Script.PythonAsync("scripts/package.py", platform, _folder.File("published"), Folder);
        await Script.PythonAsync("scripts/release.py", Folder);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }
}
