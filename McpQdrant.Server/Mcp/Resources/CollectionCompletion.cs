using McpQdrant.Core.Access;
using McpQdrant.Core.Collections;
using McpQdrant.Server.Mcp.Tools.Arguments;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Resources;

/// <summary>Completes the names of collections while a user types them.</summary>
internal sealed class CollectionCompletion(CollectionDirectory directory, CollectionArgument collections, AccessPolicy policy)
{
    /// <summary>The protocol's own limit.</summary>
    private const int MaxValues = 100;

    public async ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        // Null is no value, though the type says otherwise: JSON has it all the same.
        if (request.Params?.Argument is not { Name: "collection", Value: not null } argument)
            return new CompleteResult { Completion = new Completion { Values = [], Total = 0, HasMore = false } };

        var names = collections.Visible(policy.CallerOf(request.User), await directory.NamesAsync(cancellationToken))
            .Select(name => name.ToString())
            .Where(name => name.StartsWith(argument.Value, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        return new CompleteResult
        {
            Completion = new Completion { Values = [.. names.Take(MaxValues)], Total = names.Length, HasMore = names.Length > MaxValues },
        };
    }
}
