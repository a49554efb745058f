using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace McpQdrant.Memories.Mcp;

/// <summary>What <c>qdrant-store</c> answers.</summary>
internal sealed record StoreAnswer(string Id, string Collection, bool Created, string Note);

/// <summary>What <c>qdrant-find</c> answers.</summary>
internal sealed record FindAnswer(IReadOnlyList<MemoryAnswer> Results);

/// <summary>A memory, as tools and resources write it.</summary>
internal sealed record MemoryAnswer(
    string Id, string? Collection, string Content, bool Partial, PassageAnswer? Passage, JsonObject? Metadata, double? Score, double? Similarity,
    DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt, string? By, DateTimeOffset? ExpiresAt)
{
    public Memory ToMemory(string collection) => new()
    {
        Id = Id,
        Collection = Collection ?? collection,
        Text = Content,
        Metadata = Metadata,
        StoredAt = CreatedAt,
        ChangedAt = UpdatedAt > CreatedAt ? UpdatedAt : null,
        ExpiresAt = ExpiresAt,
        By = By,
    };
}

internal sealed record PassageAnswer(string Text);

/// <summary>What <c>qdrant-update</c> answers.</summary>
internal sealed record UpdateAnswer(string Id, string Content, JsonObject? Metadata, string? Change);

/// <summary>What <c>qdrant-forget</c> answers.</summary>
internal sealed record ForgetAnswer(long Deleted, string? Change);

/// <summary>What <c>qdrant-undo</c> answers.</summary>
internal sealed record UndoAnswer(IReadOnlyList<UndoneAnswer> Memories, string? Change);

internal sealed record UndoneAnswer(string Id, string Outcome);

/// <summary>What <c>qdrant-collections</c> answers.</summary>
internal sealed record CollectionsAnswer(IReadOnlyList<CollectionAnswer> Collections);

internal sealed record CollectionAnswer(string Name);

/// <summary>How answers are read, generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StoreAnswer))]
[JsonSerializable(typeof(FindAnswer))]
[JsonSerializable(typeof(MemoryAnswer))]
[JsonSerializable(typeof(UpdateAnswer))]
[JsonSerializable(typeof(ForgetAnswer))]
[JsonSerializable(typeof(UndoAnswer))]
[JsonSerializable(typeof(CollectionsAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;

/// <summary>The arguments of a call.</summary>
internal sealed class CallArguments
{
    public Dictionary<string, JsonElement> Values { get; } = new(StringComparer.Ordinal);

    public CallArguments Add(string name, JsonNode? value)
    {
        if (value is not null)
            Values[name] = JsonElement.Parse(value.ToJsonString(), new JsonDocumentOptions { MaxDepth = 1024 });
        return this;
    }

    public CallArguments Add(string name, DateTimeOffset? time) =>
        Add(name, time is { } at ? JsonValue.Create(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture)) : null);
}
