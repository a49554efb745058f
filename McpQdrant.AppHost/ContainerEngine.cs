using Microsoft.Extensions.Configuration;

namespace McpQdrant.AppHost;

/// <summary>Which program runs the containers, and whether Aspire knows it.</summary>
internal static class ContainerEngine
{
    /// <summary>Where Aspire looks, the strongest first. The first is also <c>--dcp-container-runtime</c>.</summary>
    private static readonly string[] Settings = ["DcpPublisher:ContainerRuntime", "ASPIRE_CONTAINER_RUNTIME", "DOTNET_ASPIRE_CONTAINER_RUNTIME"];

    /// <summary>What Aspire understands, letter for letter: <c>Podman</c> would fail later, and without saying why.</summary>
    private static readonly string[] Known = ["docker", "podman"];

    /// <returns>Null where the setting is fine or absent, in which case Aspire takes the engine that runs.</returns>
    public static string? Refusal(IConfiguration configuration)
    {
        foreach (var setting in Settings)
        {
            if (configuration[setting] is not { Length: > 0 } value)
                continue;

            return Known.Contains(value)
                ? null
                : $"{setting} is '{value}', which is no container engine that Aspire knows. Set it to 'docker' or 'podman', in lower case, or leave it out to use the one that runs.";
        }

        return null;
    }
}
