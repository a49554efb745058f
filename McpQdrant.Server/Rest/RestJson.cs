using System.Text.Json.Serialization;
using McpQdrant.Server.Http;
using McpQdrant.Server.Rest.Answers;

namespace McpQdrant.Server.Rest;

/// <summary>All that goes over the wire of the REST API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(AboutAnswer))]
[JsonSerializable(typeof(CollectionsAnswer))]
[JsonSerializable(typeof(MemoryAnswer))]
[JsonSerializable(typeof(MemoryPage))]
[JsonSerializable(typeof(StoreBody))]
[JsonSerializable(typeof(UpdateBody))]
[JsonSerializable(typeof(SearchBody))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(PreviewBody))]
[JsonSerializable(typeof(PreviewAnswer))]
[JsonSerializable(typeof(ForgetBody))]
[JsonSerializable(typeof(ForgetAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(UndoBody))]
[JsonSerializable(typeof(UndoAnswer))]
[JsonSerializable(typeof(ImportAnswer))]
[JsonSerializable(typeof(ImportLine))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(MapAnswer))]
internal sealed partial class RestJson : JsonSerializerContext;
