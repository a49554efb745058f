using System.Text.Json;
using System.Text.Json.Serialization;

namespace McpQdrant.Server.Access.Keys;

/// <summary>How the access file is read, generated at build time: a word that it doesn't know is a mistake, not a remark.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(AccessDocument))]
internal sealed partial class AccessJson : JsonSerializerContext;
