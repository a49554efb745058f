using System.Text.Json;
using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Stores.Embedded;

/// <summary>A collection as its table has it.</summary>
/// <param name="Key">What its memories and its index of words go by.</param>
/// <param name="Language">See <see cref="Bm25Options"/>.</param>
/// <param name="Notes">The value of <see cref="CollectionNotes.Key"/>, as JSON.</param>
internal sealed record EmbeddedCollection(long Key, string Name, string VectorName, int VectorSize, string Language, string Notes)
{
    public IReadOnlyDictionary<string, JsonElement> ReadNotes() =>
        new Dictionary<string, JsonElement> { [CollectionNotes.Key] = JsonElement.Parse(Notes) };
}
