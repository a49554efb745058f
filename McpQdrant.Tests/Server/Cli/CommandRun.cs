using System.CommandLine;
using McpQdrant.Server.Cli;

namespace McpQdrant.Tests.Server.Cli;

/// <summary>What a command printed, and how it ended.</summary>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    /// <summary>Runs a command in this process, with the options of a command line.</summary>
    public static Task<CommandRun> OfAsync(Command command, params string[] arguments) =>
        OfAsync(command, arguments, TestContext.Current.CancellationToken);

    public static async Task<CommandRun> OfAsync(Command command, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var root = new RootCommand { command };
        root.AddSettingOptions();
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await root.Parse([command.Name, .. arguments]).InvokeAsync(new() { Output = output, Error = error }, cancellationToken);

        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
