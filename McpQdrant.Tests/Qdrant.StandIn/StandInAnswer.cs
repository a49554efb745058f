using System.Text.Json.Nodes;

namespace McpQdrant.Tests.Qdrant;

/// <param name="ContentType">Null for none, as Qdrant's authentication has it.</param>
/// <param name="Body">Null for none.</param>
internal sealed record StandInAnswer(int Status, string? ContentType, string? Body)
{
    public static StandInAnswer Json(int status, JsonNode body) => new(status, "application/json", body.ToJsonString());
}
