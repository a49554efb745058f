using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace McpQdrant.Server.Diagnostics;

/// <summary>What this program says of its work. Nobody listening, it costs nothing.</summary>
internal static class Telemetry
{
    public const string Name = "McpQdrant";

    /// <summary>Every activity source and meter that tells of a tool call: the MCP SDK's, this one, and that of the embedding pipeline.</summary>
    /// <remarks>The names are those of <c>ModelContextProtocol</c> 2.3 and of <c>EmbeddingRegistration.TelemetryName</c>.</remarks>
    public static readonly IReadOnlyList<string> Sources = ["Experimental.ModelContextProtocol", Name, "McpQdrant.Embeddings"];

    private static readonly string? Version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    public static readonly ActivitySource Activities = new(Name, Version);

    public static readonly Meter Meter = new(Name, Version);
}
