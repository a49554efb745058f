namespace McpQdrant.Server.Commands;

/// <summary>What <c>doctor</c> found out about one part.</summary>
/// <param name="Part">What was looked at, in a word.</param>
/// <param name="Sentence">What is there; for a problem, what to do about it too.</param>
internal sealed record DoctorFinding(string Part, DoctorState State, string Sentence);
