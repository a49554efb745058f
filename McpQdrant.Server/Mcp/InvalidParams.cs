using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Mcp;

/// <summary>Tells a client what is wrong with its params: where the SDK would speak of an error of the server, and which resource isn't there.</summary>
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
        catch (McpProtocolException failure) when (context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.ResourcesRead, Params: JsonObject { } asked } && asked["uri"] is JsonValue uri)
        {
            // The SDK makes the error's data of it.
            failure.Data["uri"] = uri.ToString();
            throw;
        }
    };

    public static string Sentence(string method, JsonException failure) =>
        $"The params of '{method}' are not what they must be{(failure.Path is null or "$" ? "" : $" at {failure.Path}")}.";
}
