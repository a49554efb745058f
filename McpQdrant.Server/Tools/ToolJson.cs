using System.Text.Json.Serialization;

namespace McpQdrant.Server.Tools;

/// <summary>How structured results are written, generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoreOutput))]
[JsonSerializable(typeof(FindOutput))]
internal sealed partial class ToolJson : JsonSerializerContext;
