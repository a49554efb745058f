using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Tools;

/// <summary>Answers of tools: texts for the model, and the same as structure for programs.</summary>
internal static class ToolResult
{
    public static CallToolResult Of<T>(IEnumerable<string> texts, T structured, JsonTypeInfo<T> type) => new()
    {
        Content = [.. texts.Select(text => new TextContentBlock { Text = text })],
        StructuredContent = JsonSerializer.SerializeToElement(structured, type),
    };

    public static CallToolResult Error(string sentence) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = sentence }],
    };
}
