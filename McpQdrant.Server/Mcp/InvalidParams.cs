using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp;

/// <summary>Tells a client that its params are wrong, where the SDK would speak of an error of the server.</summary>
internal static class InvalidParams
{
    public static McpMessageHandler Refuse(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        try
        {
            await next(context, cancellationToken);
        }
        catch (JsonException failure) when (context.JsonRpcMessage is JsonRpcRequest request)
        {
            throw new McpProtocolException(Sentence(request.Method, failure), failure, McpErrorCode.InvalidParams);
        }
    };

    public static string Sentence(string method, JsonException failure) =>
        $"The params of '{method}' are not what they must be{(failure.Path is null or "$" ? "" : $" at {failure.Path}")}.";
}
