using McpQdrant.Core.Memories;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Asking;

/// <summary>The person in front of the client that made a request, who can be asked while it is served.</summary>
/// <remarks>
/// By MCP's elicitation. With a session the question is a request to the client, and this call waits. From 2026-07-28 on the question is the
/// answer to the call, and the client makes the call again with what the person said, to whichever replica: what has to be known then goes
/// with the question and comes back.
/// </remarks>
internal sealed class Person(RequestContext<CallToolRequestParams> request)
{
    /// <summary>The first version whose calls are made again with the answer.</summary>
    private const string RepeatedCallsSince = "2026-07-28";

    private const string QuestionKey = "confirm";

    /// <summary>Nothing to fill in: a yes or a no.</summary>
    private static readonly ElicitRequestParams.RequestSchema NoFields = new();

    /// <summary>Whether the client said that it can ask, and an answer can come back.</summary>
    public bool CanBeAsked => request.Server is { ClientCapabilities.Elicitation.Form: not null, IsMrtrSupported: true };

    /// <summary>Whether this call is the one that the client makes again with an answer.</summary>
    public bool HasAnswered => RepeatsCalls && request.Params?.InputResponses?.ContainsKey(QuestionKey) == true;

    private bool RepeatsCalls =>
        string.CompareOrdinal(request.JsonRpcRequest.Context?.ProtocolVersion ?? request.Server.NegotiatedProtocolVersion, RepeatedCallsSince) >= 0;

    /// <param name="question">What the person reads.</param>
    /// <param name="state">What has to be known once the answer is there. It is the client's to keep, so it must not be forgeable.</param>
    /// <param name="patience">How long the person may take.</param>
    /// <exception cref="InputRequiredException">The client has to ask, and make the call again. It must reach the SDK.</exception>
    /// <exception cref="OperationCanceledException">The client gave up, or is gone.</exception>
    public async Task<PersonAnswer> AskAsync(string question, string state, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        var elicitation = new ElicitRequestParams { Message = question, RequestedSchema = NoFields };
        if (RepeatsCalls)
            throw new InputRequiredException(new Dictionary<string, InputRequest> { [QuestionKey] = InputRequest.ForElicitation(elicitation) }, state);

        using var limit = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return new PersonAnswer(Read(await request.Server.ElicitAsync(elicitation, either.Token)), state);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PersonAnswer(PersonDecision.Silent, state);
        }
        catch (McpException)
        {
            return new PersonAnswer(PersonDecision.NotAsked, state);
        }
    }

    /// <summary>What the client brings, where <see cref="HasAnswered"/>.</summary>
    /// <exception cref="MemoryException">It doesn't bring what was given to it.</exception>
    public PersonAnswer Answer()
    {
        if (request.Params?.RequestState is not { } state)
            throw new MemoryException("The answer came without the 'requestState' that was given with the question. Nothing was deleted; make the call again from the start.");
        return new PersonAnswer(
            request.Params.InputResponses![QuestionKey].Deserialize(InputResponse.ElicitResultJsonTypeInfo) is { } result ? Read(result) : PersonDecision.NotAsked, state);
    }

    private static PersonDecision Read(ElicitResult result) => result.Action switch
    {
        "accept" => PersonDecision.Yes,
        "decline" => PersonDecision.No,
        _ => PersonDecision.Dismissed,
    };
}

/// <summary>What a person said.</summary>
/// <param name="State">What was given with the question.</param>
internal sealed record PersonAnswer(PersonDecision Decision, string State);

internal enum PersonDecision
{
    Yes,
    No,

    /// <summary>The question was closed without an answer.</summary>
    Dismissed,

    /// <summary>No answer within the time.</summary>
    Silent,

    /// <summary>The client could not ask.</summary>
    NotAsked,
}
