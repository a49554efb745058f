using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace McpQdrant.Core.Telemetry;

/// <summary>What this program says of its work. Nobody listening, it costs nothing.</summary>
public static class MemoryTelemetry
{
    public const string Name = "McpQdrant";

    /// <summary>The activity source and the meter of <c>ModelContextProtocol</c> 2.3.</summary>
    public const string ProtocolName = "Experimental.ModelContextProtocol";

    /// <summary>Of <c>EmbeddingServices.TelemetryName</c>.</summary>
    private const string EmbeddingName = "McpQdrant.Embeddings";

    /// <summary>Every activity source that tells of a tool call: the MCP SDK's, this one, and that of the embedding pipeline.</summary>
    public static readonly IReadOnlyList<string> Sources = [ProtocolName, Name, EmbeddingName];

    /// <summary>Every meter that tells of a tool call.</summary>
    /// <remarks>Not the SDK's: it makes a series of each name of a tool, method or resource that a caller sends. Its figure is recorded again with known names.</remarks>
    public static readonly IReadOnlyList<string> Meters = [Name, EmbeddingName];

    private static readonly string? Version = typeof(MemoryTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    public static readonly ActivitySource Activities = new(Name, Version);

    public static readonly Meter Meter = new(Name, Version);
}
