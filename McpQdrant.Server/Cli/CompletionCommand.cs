using System.CommandLine;

namespace McpQdrant.Server.Cli;

/// <summary><c>completion SHELL</c>: a script that makes a shell complete commands and options, by asking this program each time.</summary>
internal static class CompletionCommand
{
    /// <summary>A shell, and its script. Each hands over the line up to the cursor, and how long it is.</summary>
    private static readonly (string Shell, string Script)[] Scripts =
    [
        ("bash", """
            # For ~/.bashrc:  source <(mcp-server-qdrant completion bash)
            _mcp_server_qdrant() {
                local line="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _mcp_server_qdrant mcp-server-qdrant
            """),
        ("zsh", """
            #compdef mcp-server-qdrant
            # For ~/.zshrc, after compinit:  source <(mcp-server-qdrant completion zsh)
            _mcp_server_qdrant() {
                local line="${(j: :)words[1,CURRENT]}"
                local -a found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
                found=(${found:#})
                if (( ${#found} )); then
                    compadd -a found
                else
                    _files
                fi
            }
            compdef _mcp_server_qdrant mcp-server-qdrant
            """),
        ("fish", """
            # For ~/.config/fish/config.fish:  mcp-server-qdrant completion fish | source
            function __mcp_server_qdrant
                set -l line (commandline --current-process --cut-at-cursor)
                mcp-server-qdrant "[suggest:"(string length -- $line)"]" $line 2>/dev/null
            end
            complete --command mcp-server-qdrant --arguments '(__mcp_server_qdrant)'
            """),
        ("powershell", """
            # For $PROFILE:  mcp-server-qdrant completion powershell | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName mcp-server-qdrant -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $length = $cursorPosition - $commandAst.Extent.StartOffset
                $line = $commandAst.ToString().PadRight($length).Substring(0, $length).Replace('"', '\"')
                mcp-server-qdrant "[suggest:$length]" $line | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """),
    ];

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong([.. Scripts.Select(script => script.Shell)]);
        var command = new Command("completion", "Prints a script that makes a shell complete this program's commands and options. Its first lines say where it goes.") { shell };
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write($"{Scripts.First(script => script.Shell == result.GetRequiredValue(shell)).Script.ReplaceLineEndings("\n")}\n");
            return ExitCode.Success;
        });
        return command;
    }
}
