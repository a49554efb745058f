using McpQdrant.Core.Access;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Http;

/// <summary>Which rights a message takes.</summary>
/// <remarks>
/// For an answer by HTTP status only, as OAuth wants it, before the message is served: whatever this makes of a strange message, the
/// policy is asked again by the tool or the resource itself.
/// </remarks>
internal static class MessageRights
{
    public static Rights Of(MessageText message) => message.Method switch
    {
        RequestMethods.ToolsCall => ToolRights.FromProtocolName(message.Name)?.Needed() ?? Rights.None,
        RequestMethods.ResourcesRead or RequestMethods.CompletionComplete => Rights.Read,
        _ => Rights.None,
    };
}
