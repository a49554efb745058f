using McpQdrant.Core.Access;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp.Tools;

/// <summary>Shows a caller only what it may use.</summary>
internal static class ListedTools
{
    public static McpRequestHandler<ListToolsRequestParams, ListToolsResult> OnlyUsable(McpRequestHandler<ListToolsRequestParams, ListToolsResult> next) =>
        async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            var policy = request.Services!.GetRequiredService<AccessPolicy>();
            var caller = policy.CallerOf(request.User);
            result.Tools = [.. result.Tools.Where(tool => ToolRights.FromProtocolName(tool.Name) is not { } name || policy.MayUse(caller, name))];
            return result;
        };

    public static McpRequestHandler<ListResourceTemplatesRequestParams, ListResourceTemplatesResult> OnlyReadable(
        McpRequestHandler<ListResourceTemplatesRequestParams, ListResourceTemplatesResult> next) =>
        async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            var policy = request.Services!.GetRequiredService<AccessPolicy>();
            if (!policy.Has(policy.CallerOf(request.User), Rights.Read))
                result.ResourceTemplates = [];
            return result;
        };
}
