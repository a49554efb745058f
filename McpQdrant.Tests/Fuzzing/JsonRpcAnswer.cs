using System.Text.Json;
using ModelContextProtocol;

namespace McpQdrant.Tests.Fuzzing;

/// <summary>What any message of the server must be.</summary>
internal static class JsonRpcAnswer
{
    /// <summary>Throws where it is no message of JSON-RPC, or tells of a fault of the server.</summary>
    /// <returns>The message.</returns>
    public static JsonElement Check(string text)
    {
        var message = JsonElement.Parse(text);

        Assert.Equal("2.0", message.GetProperty("jsonrpc").GetString());
        if (message.TryGetProperty("error", out var error))
        {
            Assert.NotEqual((int)McpErrorCode.InternalError, error.GetProperty("code").GetInt32());
            Assert.NotEmpty(error.GetProperty("message").GetString()!);
        }
        else if (message.TryGetProperty("result", out var result))
        {
            if (result.TryGetProperty("isError", out var isError) && isError.GetBoolean())
                Assert.DoesNotContain("fault of the server", result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        }
        else
        {
            Assert.NotEmpty(message.GetProperty("method").GetString()!);
        }
        return message;
    }
}
