using System.Text.Json;
using System.Text.Json.Serialization;
using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Stores.Embedded;

/// <summary>What a collection says about itself: which model writes it, and how its words are weighed.</summary>
internal sealed record CollectionNotes(EmbeddingIdentity Embedding, Bm25Options Bm25)
{
    public static string Write(CollectionSpec spec) =>
        JsonSerializer.Serialize(new CollectionNotes(spec.Model, spec.Keywords), CollectionNotesJson.Default.CollectionNotes);

    public static IReadOnlyDictionary<string, JsonElement> Read(string notes) =>
        JsonElement.Parse(notes).EnumerateObject().ToDictionary(note => note.Name, note => note.Value);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CollectionNotes))]
internal sealed partial class CollectionNotesJson : JsonSerializerContext;
