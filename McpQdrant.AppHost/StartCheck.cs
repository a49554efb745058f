using static McpQdrant.Hosting.ContainerStartCheck;

namespace McpQdrant.AppHost;

/// <summary>What must be so before anything starts. Aspire would start the rest, and leave the reason to be looked for in a log.</summary>
internal static class StartCheck
{
    private static readonly string[] DashboardAddresses =
        ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    /// <returns>A sentence that says what is missing; null where all is well.</returns>
    public static async Task<string?> ErrorAsync(IDistributedApplicationBuilder builder)
    {
        if (builder.Resources.Any(resource => resource is ContainerResource) && await ContainerEngine.MissingAsync(builder.Configuration) is { } missing)
            return missing;

        return DashboardAddresses.Select(setting => DashboardError(setting, builder.Configuration[setting] ?? "")).FirstOrDefault(error => error is not null)
            ?? ServerErrors(builder).FirstOrDefault();
    }

    private static string? DashboardError(string setting, string addresses)
    {
        var taken = addresses.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(address => Uri.TryCreate(address, UriKind.Absolute, out var url) && IsTaken(url.Port));

        return taken is null
            ? null
            : $"{taken}, which the dashboard needs, is taken. Does this AppHost run already? End what has the port, or set {setting} to another address.";
    }

    private static IEnumerable<string> ServerErrors(IDistributedApplicationBuilder builder) =>
        from project in builder.Resources.OfType<ProjectResource>()
        from endpoint in project.Annotations.OfType<EndpointAnnotation>()
        where endpoint.Port is { } port && IsTaken(port)
        select $"Port {endpoint.Port}, which {project.Name} needs, is taken. End what has it, or choose another port: -- --Port={endpoint.Port + 1}";
}
