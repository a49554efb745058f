using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace McpQdrant.Core.Telemetry;

/// <summary>What this program says of its work. Nobody listening, it costs nothing.</summary>
public static class MemoryTelemetry
{
    public const string Name = "McpQdrant";

    /// <summary>Every activity source and meter that tells of a tool call: the MCP SDK's, this one, and that of the embedding pipeline.</summary>
    /// <remarks>The names are those of <c>ModelContextProtocol</c> 2.3 and of <c>EmbeddingServices.TelemetryName</c>.</remarks>
    public static readonly IReadOnlyList<string> Sources = ["Experimental.ModelContextProtocol", Name, "McpQdrant.Embeddings"];

    private static readonly string? Version = typeof(MemoryTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    public static readonly ActivitySource Activities = new(Name, Version);

    public static readonly Meter Meter = new(Name, Version);
}
