using System.Text.Json.Serialization;
using McpQdrant.Server.Tools.Resources;

namespace McpQdrant.Server.Tools;

/// <summary>How structured results are written, generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoreOutput))]
[JsonSerializable(typeof(FindOutput))]
[JsonSerializable(typeof(UpdateOutput))]
[JsonSerializable(typeof(ForgetOutput))]
[JsonSerializable(typeof(CollectionsOutput))]
[JsonSerializable(typeof(MemoryDocument))]
[JsonSerializable(typeof(CollectionDocument))]
internal sealed partial class ToolJson : JsonSerializerContext;
