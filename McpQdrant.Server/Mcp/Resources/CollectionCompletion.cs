using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Resources;

/// <summary>Completes the names of collections while a user types them.</summary>
internal sealed class CollectionCompletion(CompleteCollectionName complete, AccessPolicy policy)
{
    /// <summary>The protocol's own limit.</summary>
    private const int MaxValues = 100;

    public async ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        // Null is no value, though the type says otherwise: JSON has it all the same.
        var caller = policy.CallerOf(request.User);
        if (request.Params?.Argument is not { Name: "collection", Value: not null } argument || !policy.Has(caller, Rights.Read))
            return new CompleteResult { Completion = new Completion { Values = [], Total = 0, HasMore = false } };

        var names = await complete.HandleAsync(caller, new CompleteCollectionNameRequest(argument.Value), cancellationToken);
        return new CompleteResult
        {
            Completion = new Completion { Values = [.. names.Take(MaxValues).Select(name => name.ToString())], Total = names.Count, HasMore = names.Count > MaxValues },
        };
    }
}
