namespace McpQdrant.Server.Mcp.Tools.Answers;

/// <summary>The beginning of a text, where the whole would be too long.</summary>
internal static class ShortText
{
    /// <param name="maxLength">UTF-16 units that are kept; no character is cut in two.</param>
    public static string Of(string text, int maxLength) =>
        text.Length <= maxLength ? text : $"{text.AsSpan(0, char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)}…";
}
