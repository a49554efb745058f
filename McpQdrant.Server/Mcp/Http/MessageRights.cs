using System.Buffers;
using System.Text.Json;
using McpQdrant.Core.Access;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Http;

/// <summary>Which rights a message of JSON-RPC takes, told from its text.</summary>
/// <remarks>
/// For an answer by HTTP status only, as OAuth wants it, before the message is served: whatever this makes of a strange message, the
/// policy is asked again by the tool or the resource itself.
/// </remarks>
internal static class MessageRights
{
    public static Rights Of(ReadOnlySequence<byte> message)
    {
        try
        {
            var (method, name) = Read(new Utf8JsonReader(message));
            return method switch
            {
                RequestMethods.ToolsCall => ToolRights.FromProtocolName(name)?.Needed() ?? Rights.None,
                RequestMethods.ResourcesRead or RequestMethods.CompletionComplete => Rights.Read,
                _ => Rights.None,
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // No message: the protocol's own refusal follows.
            return Rights.None;
        }
    }

    private static (string? Method, string? Name) Read(Utf8JsonReader reader)
    {
        string? method = null, name = null;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;

            var isMethod = reader.CurrentDepth == 1 && reader.ValueTextEquals("method");
            var isParams = reader.CurrentDepth == 1 && reader.ValueTextEquals("params");
            var isName = reader.CurrentDepth == 2 && reader.ValueTextEquals("name");
            reader.Read();
            if (isMethod)
                method = reader.GetString();
            else if (isName)
                name = reader.GetString();
            else if (!isParams)
                reader.Skip();
        }
        return (method, name);
    }
}
