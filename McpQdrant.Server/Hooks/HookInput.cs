using System.Text.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Hooks;

/// <summary>The moments of a session at which a client calls this program.</summary>
internal enum HookEvent
{
    SessionStart,
    UserPrompt,
    PreCompact,
    SessionEnd,
}

/// <summary>What a client says of an event: the fields that Claude Code, Codex, Gemini CLI and Cursor have in common, under the names of each.</summary>
internal sealed record HookInput
{
    /// <summary>More than a prompt with pasted files has.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private const int MaxName = 200;

    /// <summary>What the client calls the event, for instance <c>UserPromptSubmit</c> or <c>BeforeAgent</c>; null where it doesn't say.</summary>
    public string? ClientEvent { get; init; }

    /// <summary>The session's id; empty where the client names none.</summary>
    public string Session { get; init; } = "";

    /// <summary>The file with the session's messages.</summary>
    public string? Transcript { get; init; }

    /// <summary>The folder that the session works in.</summary>
    public string? Folder { get; init; }

    public string? Prompt { get; init; }

    /// <summary>Why a session starts: <c>startup</c>, <c>resume</c>, <c>clear</c>, <c>compact</c>; or why it is compacted.</summary>
    public string? Cause { get; init; }

    /// <summary>Cursor's answers have another form.</summary>
    public bool IsCursor { get; init; }

    /// <summary>Reads one JSON object; a client need not close its end of the pipe after it.</summary>
    /// <exception cref="MemoryException">What came is no JSON object, or too long.</exception>
    public static async Task<HookInput> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await input.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes)
                throw new MemoryException($"The event is longer than {MaxBytes:N0} bytes.");
            if (buffer.AsSpan(0, read).TrimEnd(" \t\r\n"u8) is [.., (byte)'}'] && TryParse(bytes) is { } whole)
                return whole;
        }
        return TryParse(bytes) ?? throw new MemoryException("The event on standard input is no JSON object.");
    }

    private static HookInput? TryParse(MemoryStream bytes)
    {
        try
        {
            var json = JsonElement.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length).TrimStart("\uFEFF"u8));
            return json.ValueKind == JsonValueKind.Object ? Of(json) : null;
        }
        catch (JsonException)
        {
            // There may be more of it to come; whether there was is for the caller to say.
            return null;
        }
    }

    private static HookInput Of(JsonElement json) => new()
    {
        ClientEvent = Name(json, "hook_event_name"),
        Session = Name(json, "session_id") ?? Name(json, "conversation_id") ?? Name(json, "sessionId") ?? "",
        Transcript = Text(json, "transcript_path"),
        Folder = Text(json, "cwd") is { Length: > 0 } folder ? folder : FirstRoot(json),
        Prompt = Text(json, "prompt"),
        Cause = Name(json, "source") ?? Name(json, "trigger") ?? Name(json, "reason"),
        IsCursor = json.TryGetProperty("cursor_version", out _) || json.TryGetProperty("conversation_id", out _),
    };

    private static string? FirstRoot(JsonElement json) =>
        json.TryGetProperty("workspace_roots", out var roots) && roots.ValueKind == JsonValueKind.Array && roots.GetArrayLength() > 0 && roots[0].ValueKind == JsonValueKind.String
            ? roots[0].GetString()
            : null;

    private static string? Name(JsonElement json, string field) => Text(json, field) is { } text ? text[..Math.Min(text.Length, MaxName)] : null;

    private static string? Text(JsonElement json, string field) =>
        json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
