namespace McpQdrant.Tests.Qdrant;

/// <summary>An answer of the stand-in that is an error, in Qdrant's words.</summary>
/// <param name="isPlain">Whether the body is the text alone, as Qdrant's authentication has it.</param>
internal sealed class StandInFailure(int status, string message, bool isPlain = false) : Exception(message)
{
    public int Status { get; } = status;

    public bool IsPlain { get; } = isPlain;

    public static StandInFailure WrongInput(string message) => new(400, $"Wrong input: {message}");

    public static StandInFailure Unreadable(string message) => new(400, $"Format error in JSON body: {message}");

    public static StandInFailure Invalid(string message) => new(422, $"Validation error in JSON body: [{message}]");

    public static StandInFailure NoCollection(string name) => new(404, $"Not found: Collection `{name}` doesn't exist!");

    public static StandInFailure NoVector(string name) => WrongInput($"Not existing vector name error: {name}");

    /// <summary>Something that a real Qdrant has and the stand-in doesn't: no test may take it for an answer.</summary>
    public static StandInFailure NotPlayed(string what) => new(501, $"The stand-in doesn't know {what}.");
}
