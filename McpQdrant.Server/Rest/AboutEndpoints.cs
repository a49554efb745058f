using McpQdrant.Core.Access;
using McpQdrant.Core.History;
using McpQdrant.Server.Mcp;
using Microsoft.AspNetCore.Http.HttpResults;

namespace McpQdrant.Server.Rest;

/// <summary><c>/api/v1</c>: what this server is, and what the caller may do.</summary>
internal sealed class AboutEndpoints(AccessPolicy policy, ChangeHistory history)
{
    public void Map(RouteGroupBuilder group) => group.MapGet("", (Delegate)Describe).WithName("about").WithSummary("What this server is, and what the caller may do");

    private Ok<AboutAnswer> Describe(HttpContext context)
    {
        var caller = policy.CallerOf(context.User);
        return TypedResults.Ok(new AboutAnswer
        {
            Name = McpServices.ServerName,
            Version = McpServices.Version,
            Caller = caller.Name,
            ReadOnly = policy.IsReadOnly,
            KeepsHistory = history.IsKept,
            May = [.. Enum.GetValues<ToolName>().Where(tool => policy.MayUse(caller, tool)).Select(tool => tool.ToString().ToLowerInvariant())],
        });
    }
}

internal sealed record AboutAnswer
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Who calls, as the audit log names it.</summary>
    public required string Caller { get; init; }

    /// <summary>Whether nobody may change anything.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>Whether changes are written down, and can be undone.</summary>
    public required bool KeepsHistory { get; init; }

    /// <summary>What the caller may do, of find, store, update, forget, collections and undo.</summary>
    public required IReadOnlyList<string> May { get; init; }
}
