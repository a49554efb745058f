using System.Diagnostics;

namespace McpQdrant.AppHost.Tests;

/// <summary>Docker or Podman, whichever Aspire takes, for what a test does behind its back.</summary>
internal static class Engine
{
    private static string Name => Environment.GetEnvironmentVariable("DOTNET_ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen
        ? chosen
        : ProgramOnPath.Find("docker") is null ? "podman" : "docker";

    /// <returns>What it wrote, without the blanks around it.</returns>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, $"{Name} {string.Join(' ', arguments)}: {await errors}");
        return output.Trim();
    }
}
