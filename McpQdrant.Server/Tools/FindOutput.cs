using System.Text.Json;
using McpQdrant.Server.Memories;

namespace McpQdrant.Server.Tools;

/// <summary>The structured result of <c>qdrant-find</c>.</summary>
/// <param name="Search">How was searched: <c>hybrid</c>, <c>dense</c> or <c>keyword</c>.</param>
internal sealed record FindOutput(IReadOnlyList<FoundMemory> Results, string Search)
{
    public static JsonElement Schema => JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "results": {
              "type": "array",
              "description": "The memories, best first.",
              "items": {
                "type": "object",
                "properties": {
                  "id": {"type": "string", "description": "The memory's id."},
                  "content": {"type": "string", "description": "The text, as it was stored."},
                  "metadata": {"type": ["object", "null"], "description": "The metadata, as it was stored."},
                  "score": {"type": "number", "description": "What the order goes by; comparable within one answer only."},
                  "similarity": {"type": ["number", "null"], "description": "Likeness in meaning: cosine from -1 to 1, or the collection's own measure. Null where it was found by words alone."},
                  "keyword_rank": {"type": ["integer", "null"], "description": "1 for the best match by words, and so on; null where no word matched."},
                  "stored_at": {"type": ["string", "null"], "format": "date-time", "description": "When it was stored; null where that was not written down."}
                },
                "required": ["id", "content", "metadata", "score", "similarity", "keyword_rank", "stored_at"]
              }
            },
            "search": {"type": "string", "enum": ["hybrid", "dense", "keyword"], "description": "By meaning and words (hybrid), by meaning (dense), or by words (keyword)."}
          },
          "required": ["results", "search"]
        }
        """);

    public static FindOutput Of(FindResult found) => new([.. found.Hits.Select(FoundMemory.Of)], found.Mode.ToString().ToLowerInvariant());
}
