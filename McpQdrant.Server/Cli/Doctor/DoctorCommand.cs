using System.CommandLine;
using McpQdrant.Server.Hosting.Configuration;

namespace McpQdrant.Server.Cli;

/// <summary><c>doctor</c>: says what works, what doesn't, and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command(
            "doctor", "Checks the settings, where memories are kept, the embedding model and the port, and says what to do. Exit code: 0 all is well, 1 not.") { json };
        command.SetAction(async (result, cancellationToken) =>
        {
            var findings = await ExamineAsync(result, cancellationToken);
            var output = result.InvocationConfiguration.Output;
            await output.WriteAsync(result.GetValue(json) ? $"{DoctorReport.Json(findings)}\n" : DoctorReport.Table(findings));
            return DoctorReport.IsHealthy(findings) ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    /// <summary>Invalid settings are a finding like others; what depends on them can't be looked at.</summary>
    private static async Task<IReadOnlyList<DoctorFinding>> ExamineAsync(ParseResult result, CancellationToken cancellationToken)
    {
        try
        {
            return await Doctor.ExamineAsync(CommandSettings.Load(result), cancellationToken);
        }
        catch (InvalidSettingsException invalid)
        {
            return [.. invalid.Errors.Select(error => new DoctorFinding("settings", DoctorState.Problem, error))];
        }
    }
}
