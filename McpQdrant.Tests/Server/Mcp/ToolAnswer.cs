using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Tests.Server.Mcp;

/// <summary>What a tool answered.</summary>
/// <param name="Texts">For the model.</param>
/// <param name="Structured">For programs; undefined where it is an error.</param>
internal sealed record ToolAnswer(bool IsError, IReadOnlyList<string> Texts, JsonElement Structured)
{
    public string Text => string.Join('\n', Texts);

    public string? this[string property] => Structured.GetProperty(property).ToString();

    public IReadOnlyList<JsonElement> Results => [.. Structured.GetProperty("results").EnumerateArray()];

    /// <summary>The texts that were found, in their order.</summary>
    public IReadOnlyList<string> Found => [.. Results.Select(hit => hit.GetProperty("content").GetString()!)];

    /// <summary>The texts that were found, for where their order doesn't matter.</summary>
    public IReadOnlyList<string> FoundSorted => [.. Found.Order(StringComparer.Ordinal)];

    public static ToolAnswer Of(CallToolResult result) => new(
        result.IsError == true,
        [.. result.Content.OfType<TextContentBlock>().Select(block => block.Text)],
        result.StructuredContent ?? default);
}
