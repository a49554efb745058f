using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpQdrant.Server.Hooks.Transcripts;

/// <summary>Finds the messages in an object of a transcript, whichever client wrote it.</summary>
internal static partial class TranscriptFormat
{
    /// <summary>Tools may answer with whole files; what went wrong stands in the beginning.</summary>
    private const int MaxToolText = 4000;

    public static IEnumerable<TranscriptMessage> Read(JsonElement json, long offset)
    {
        // Claude Code marks what it wrote itself, and what subagents said among themselves.
        if (Flag(json, "isMeta") || Flag(json, "isSidechain") || Flag(json, "isCompactSummary"))
            return [];

        // Codex wraps what the model sees; Claude Code and Cursor have the message in a field.
        var message = Object(json, "payload") ?? Object(json, "message") ?? json;
        if (message.TryGetProperty("output", out var output) && Text(message, "type") is "function_call_output" or "custom_tool_call_output")
            return [ReadOutput(TextOf(output), offset)];

        var role = Text(message, "role") ?? Text(json, "role") ?? Text(json, "type");
        Speaker? speaker = role switch { "user" => Speaker.User, "assistant" or "gemini" or "model" => Speaker.Assistant, _ => null };
        return speaker is { } who && message.TryGetProperty("content", out var content) ? Read(content, who, offset) : [];
    }

    /// <summary>Codex writes JSON into the text: what the tool printed, and how it ended.</summary>
    private static TranscriptMessage ReadOutput(string output, long offset)
    {
        var printed = output.StartsWith('{') && Transcript.Parse(Encoding.UTF8.GetBytes(output)) is { } json ? Text(json, "output") : null;
        return new TranscriptMessage(Speaker.Tool, Cut(printed ?? output), FailedExit().IsMatch(output), offset);
    }

    private static IEnumerable<TranscriptMessage> Read(JsonElement content, Speaker speaker, long offset)
    {
        if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray().Where(part => Text(part, "type") == "tool_result"))
                yield return new TranscriptMessage(Speaker.Tool, Cut(part.TryGetProperty("content", out var answer) ? TextOf(answer) : ""), Flag(part, "is_error"), offset);
        }
        if (Clean(TextOf(content)) is { Length: > 0 } text)
            yield return new TranscriptMessage(speaker, text, IsError: false, offset);
    }

    /// <summary>A text, or the texts of a list of parts.</summary>
    private static string TextOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.String ? part.GetString() : Text(part, "text")).OfType<string>()),
        JsonValueKind.Object => Text(content, "content") ?? Text(content, "text") ?? content.GetRawText(),
        _ => "",
    };

    /// <summary>Without what clients and hooks put between tags into a user's message, this program's own notes among it.</summary>
    private static string Clean(string text) => Injected().Replace(text.Replace("<user_query>", "", StringComparison.Ordinal).Replace("</user_query>", "", StringComparison.Ordinal), "").Trim();

    private static string Cut(string text) => text.Length > MaxToolText ? text[..MaxToolText] : text;

    private static bool Flag(JsonElement json, string field) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;

    private static JsonElement? Object(JsonElement json, string field) => json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement json, string field) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>An element whose name has a dash or an underscore, as those of clients have.</summary>
    [GeneratedRegex(@"<(?<name>[a-z]{2,30}(?:[-_][a-z]{1,30}){1,4})\b[^>]{0,500}>.*?(?:</\k<name>>|\z)", RegexOptions.Singleline)]
    private static partial Regex Injected();

    /// <summary>How Codex says that a command failed.</summary>
    [GeneratedRegex("\"exit_code\":\\s{0,4}[1-9]|exited with code [1-9]|Exit code: [1-9]", RegexOptions.IgnoreCase)]
    private static partial Regex FailedExit();
}
