using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpQdrant.Server.Transports.Stdio;

/// <summary>Tells requests that change memories from those that read them, by what the tools say of themselves.</summary>
internal sealed class RequestKind(IEnumerable<McpServerTool> tools)
{
    private readonly HashSet<string> _writers =
        [.. tools.Where(tool => tool.ProtocolTool.Annotations?.ReadOnlyHint != true).Select(tool => tool.ProtocolTool.Name)];

    public bool IsWrite(JsonRpcRequest request) => request.Method == RequestMethods.ToolsCall && _writers.Contains(ToolOf(request));

    public bool IsRead(JsonRpcRequest request) =>
        request.Method == RequestMethods.ResourcesRead || (request.Method == RequestMethods.ToolsCall && !_writers.Contains(ToolOf(request)));

    private static string ToolOf(JsonRpcRequest request) =>
        request.Params is JsonObject parameters && parameters["name"] is { } name && name.GetValueKind() == JsonValueKind.String ? name.GetValue<string>() : "";
}
