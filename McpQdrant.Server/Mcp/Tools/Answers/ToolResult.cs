using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using McpQdrant.Server.Mcp.Resources;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp.Tools.Answers;

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

/// <summary>How structured results are written, generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoreOutput))]
[JsonSerializable(typeof(FindOutput))]
[JsonSerializable(typeof(UpdateOutput))]
[JsonSerializable(typeof(ForgetOutput))]
[JsonSerializable(typeof(CollectionsOutput))]
[JsonSerializable(typeof(MemoryDocument))]
[JsonSerializable(typeof(CollectionDocument))]
internal sealed partial class ToolJson : JsonSerializerContext;
