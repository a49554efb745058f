using System.Text.Json;

namespace McpQdrant.Server.Tools;

/// <summary>The structured result of <c>qdrant-collections</c>.</summary>
internal sealed record CollectionsOutput(IReadOnlyList<ListedCollection> Collections)
{
    public static JsonElement Schema => new ObjectSchema()
        .Required(
            "collections",
            """
            {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "name": {"type": "string"},
                  "memories": {"type": "integer"},
                  "model": {"type": ["string", "null"], "description": "The embedding model that wrote it, where that is known."},
                  "search": {"type": ["string", "null"], "enum": ["hybrid", "dense", null], "description": "By meaning and words, or by meaning alone; null where it can't be used here."},
                  "problem": {"type": ["string", "null"], "description": "Why it can't be used here."}
                },
                "required": ["name", "memories", "model", "search", "problem"]
              }
            }
            """,
            "The collections, by name.")
        .Build();
}
