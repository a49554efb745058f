using System.Text.Json.Serialization;
using OllamaSharp.Models;

namespace McpQdrant.Embeddings.Remote;

/// <summary>What OllamaSharp writes and reads for us; without it, it would go by reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EmbedRequest))]
[JsonSerializable(typeof(EmbedResponse))]
internal sealed partial class OllamaJson : JsonSerializerContext;
