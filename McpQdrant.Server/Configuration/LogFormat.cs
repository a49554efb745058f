namespace McpQdrant.Server.Configuration;

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    Text,
    Json,
}
