using System.ComponentModel;
using System.Diagnostics;

namespace McpQdrant.Tests.Deployment;

/// <summary>Runs scripts of the repository; a test is skipped where what runs them isn't installed.</summary>
internal static class Script
{
    public static async Task PythonAsync(string script, params string[] arguments)
    {
        var (code, output) = await RunAsync("python3", [Repository.File(script), .. arguments]);
        Assert.True(code == 0, output);
    }

    /// <param name="environment">Variables set beside those of the tests.</param>
    /// <returns>Its exit code, and what it printed on both streams.</returns>
    public static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"Needs {program}.");
            throw;
        }

        using (process)
        {
            var outputs = await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, string.Concat(outputs));
        }
    }
}
