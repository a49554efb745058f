namespace McpQdrant.Server.Commands;

internal enum HealthState
{
    Healthy,

    /// <summary>It says itself that it can't serve.</summary>
    Unhealthy,

    /// <summary>Nothing listens there.</summary>
    Absent,

    /// <summary>Something listens that says nothing, or not what this server would.</summary>
    Unknown,
}
