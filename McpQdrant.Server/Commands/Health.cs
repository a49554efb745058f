namespace McpQdrant.Server.Commands;

/// <summary>How a server is, with a sentence for people.</summary>
internal sealed record Health(HealthState State, string Sentence);
