namespace McpQdrant.Server.Commands;

internal enum DoctorState
{
    Ok,

    /// <summary>Works, but perhaps not as it was meant.</summary>
    Warning,

    Problem,
}
