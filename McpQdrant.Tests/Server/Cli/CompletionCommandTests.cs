using System.Diagnostics;
using McpQdrant.Server.Cli;
using McpQdrant.Tests.Protocol;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>Shells complete the program's commands; each that this machine has is asked.</summary>
public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("bash", """
        source <(mcp-server-qdrant completion bash)
        COMP_LINE='mcp-server-qdrant fo'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(mcp-server-qdrant fo); COMP_CWORD=1
        _mcp_server_qdrant
        echo "${COMPREPLY[@]}"
        COMP_LINE='mcp-server-qdrant import file --on-conflict '; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(mcp-server-qdrant import file --on-conflict ''); COMP_CWORD=4
        _mcp_server_qdrant
        echo "${COMPREPLY[@]}"
        complete -p mcp-server-qdrant > /dev/null
        """)]
    [InlineData("zsh", """
        compdef() { : }
        compadd() { print -r -- ${(P)2} }
        source <(mcp-server-qdrant completion zsh)
        words=(mcp-server-qdrant fo); CURRENT=2; _mcp_server_qdrant
        words=(mcp-server-qdrant import file --on-conflict ''); CURRENT=5; _mcp_server_qdrant
        """)]
    [InlineData("fish", """
        mcp-server-qdrant completion fish | source
        complete --do-complete 'mcp-server-qdrant fo'
        string join ' ' (complete --do-complete 'mcp-server-qdrant import file --on-conflict ' | string match --regex 'keep|newer|replace')
        """)]
    public async Task Shell_completes_a_command_and_the_values_of_an_option(string shell, string script)
    {
        Assert.SkipUnless(IsInstalled(shell), $"There is no {shell} here.");
        var start = new ProcessStartInfo(shell, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in ServerEnvironment.Of(new Dictionary<string, string?> { ["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}" }))
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(ServerProcess.Patience);

        Assert.Equal("", await errors);
        Assert.Equal("forget\nkeep newer replace\n", await output);
    }

    [Theory]
    [InlineData("powershell", "Register-ArgumentCompleter -Native -CommandName mcp-server-qdrant")]
    [InlineData("zsh", "#compdef mcp-server-qdrant")]
    public async Task Script_registers_the_program(string shell, string line)
    {
        var run = await CommandRun.OfAsync(CompletionCommand.Create(), shell);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains(line, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_shell_is_refused()
    {
        var run = await CommandRun.OfAsync(CompletionCommand.Create(), "tcsh");

        Assert.Equal(1, run.Code);
        Assert.Contains("'tcsh'", run.Error, StringComparison.Ordinal);
    }

    private static bool IsInstalled(string shell) =>
        !OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, shell)));
}
