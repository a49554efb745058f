using System.Text.Json;

namespace McpQdrant.Server.Tools;

/// <summary>The structured result of <c>qdrant-forget</c>: what was deleted, or what would be.</summary>
internal sealed record ForgetOutput(long Deleted, int? Matched, IReadOnlyList<ForgetSample> Sample, string? Confirmation, DateTimeOffset? ExpiresAt)
{
    public static JsonElement Schema => new ObjectSchema()
        .Required("deleted", """{"type": "integer"}""", "Memories that were there and are gone.")
        .Required("matched", """{"type": ["integer", "null"]}""", "Memories that the filter matches; null where none was given.")
        .Required("sample", """{"type": "array", "items": {"type": "object"}}""", "Some of them: id, content, metadata.")
        .Required("confirmation", """{"type": ["string", "null"]}""", "The code that deletes them.")
        .Required("expires_at", """{"type": ["string", "null"], "format": "date-time"}""", "Until when the code is good.")
        .Build();
}
