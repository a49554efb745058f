using System.Diagnostics;
using McpQdrant.Tests.Deployment;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Docs;

/// <summary>Blocks of the pages that are marked <c>&lt;!-- tested --&gt;</c> do what a reader expects of them: end with 0.</summary>
public sealed class TestedCommandTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public static TheoryData<string, string> Commands =>
        [.. from page in Page.All from command in page.TestedCommands select (page.Path, command)];

    public void Dispose() => _home.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task The_commands_of_a_page_succeed(string page, string commands)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Needs a POSIX shell.");
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", commands])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var path = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in ServerEnvironment.Of(new Dictionary<string, string?> { ["HOME"] = _home.Path, ["XDG_DATA_HOME"] = null, ["PATH"] = path }))
            start.Environment[name] = value;

        using var shell = Process.Start(start)!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync().WaitAsync(ServerProcess.Patience);

        Assert.True(shell.ExitCode == 0, $"{page}: {commands}\nended with {shell.ExitCode}:\n{await output}{await errors}");
        Assert.NotEmpty((await output).Trim());
    }
}
