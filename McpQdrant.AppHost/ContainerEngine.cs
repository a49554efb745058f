using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace McpQdrant.AppHost;

/// <summary>Which program runs the containers, whether Aspire knows it, and whether it runs.</summary>
internal static class ContainerEngine
{
    /// <summary>Where Aspire looks, the strongest first. The first is also <c>--dcp-container-runtime</c>.</summary>
    private static readonly string[] Settings = ["DcpPublisher:ContainerRuntime", "ASPIRE_CONTAINER_RUNTIME", "DOTNET_ASPIRE_CONTAINER_RUNTIME"];

    /// <summary>What Aspire understands, letter for letter: <c>Podman</c> would fail later, and without saying why.</summary>
    private static readonly string[] Known = ["docker", "podman"];

    /// <summary>How long an engine may take to answer. One that needs longer is of no use to Aspire either.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <returns>Null where the setting is fine or absent, in which case Aspire takes the engine that runs.</returns>
    public static string? Refusal(IConfiguration configuration) =>
        Configured(configuration) is var (setting, engine) && setting is not null && !Known.Contains(engine)
            ? $"{setting} is '{engine}', which is no container engine that Aspire knows. Set it to 'docker' or 'podman', in lower case, or leave it out to use the one that runs."
            : null;

    /// <returns>Null where an engine answers that Aspire would use.</returns>
    public static async Task<string?> MissingAsync(IConfiguration configuration)
    {
        var (_, configured) = Configured(configuration);
        var problems = new List<string>();

        foreach (var engine in configured is null ? Known : [configured])
        {
            if (await ProblemAsync(engine) is not { } problem)
                return null;

            problems.Add($"{engine} {problem}");
        }

        return $"Qdrant needs a container engine: {string.Join(", and ", problems)}. Start one, or keep the memories without a container: "
            + "dotnet run --project McpQdrant.AppHost -- --Store=embedded";
    }

    private static (string? Setting, string? Engine) Configured(IConfiguration configuration)
    {
        var engine = Settings.Select(setting => configuration[setting]).FirstOrDefault(value => value is { Length: > 0 });

        // A host reads DOTNET_X as X too, so the last name that has the value is the one that was set.
        return engine is null ? default : (Settings.Last(setting => configuration[setting] == engine), engine);
    }

    private static async Task<string?> ProblemAsync(string engine)
    {
        if (ProgramOnPath.Find(engine) is not { } program)
            return "isn't installed";

        using var process = Process.Start(
            new ProcessStartInfo(program, ["container", "ls", "--last", "1"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(timeout.Token), process.StandardError.ReadToEndAsync(timeout.Token), process.WaitForExitAsync(timeout.Token));
            return process.ExitCode == 0 ? null : "doesn't answer";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return $"doesn't answer within {Timeout.TotalSeconds:0} seconds";
        }
    }
}
