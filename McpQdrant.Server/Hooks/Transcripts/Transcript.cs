using System.Text.Json;

namespace McpQdrant.Server.Hooks.Transcripts;

/// <summary>Who a message is from.</summary>
internal enum Speaker
{
    User,
    Assistant,

    /// <summary>What a tool answered.</summary>
    Tool,
}

/// <summary>A message of a session.</summary>
/// <param name="IsError">Whether a tool says that it failed.</param>
/// <param name="Offset">Where the transcript goes on behind it.</param>
internal sealed record TranscriptMessage(Speaker Speaker, string Text, bool IsError, long Offset);

/// <summary>The messages of a session that were not read before, from the file that its client writes.</summary>
/// <remarks>
/// Claude Code, Codex and Cursor write a JSON object a line, each with fields of its own; Gemini CLI writes one too, or one document with all
/// messages. What is not known is passed over, since these forms are not promised to anybody.
/// </remarks>
internal sealed record Transcript(IReadOnlyList<TranscriptMessage> Messages, long End)
{
    /// <summary>What one event reads at most. Of a longer rest, only the end.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    /// <param name="offset">Where the last event ended.</param>
    /// <returns>No messages where there is no such file.</returns>
    public static Transcript Read(string? path, long offset)
    {
        if (string.IsNullOrEmpty(path) || !File.Exists(path))
            return new Transcript([], offset);

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase))
            return file.Length > MaxBytes ? new Transcript([], offset) : ReadDocument(file, offset);

        // A file that is shorter than it was is another one.
        var start = offset > file.Length ? 0 : offset;
        if (file.Length - start > MaxBytes)
            start = file.Length - MaxBytes;
        file.Position = start;
        var bytes = new byte[file.Length - start];
        file.ReadExactly(bytes);
        return ReadLines(bytes, start);
    }

    private static Transcript ReadLines(ReadOnlySpan<byte> bytes, long start)
    {
        var messages = new List<TranscriptMessage>();
        var at = 0;
        while (at < bytes.Length)
        {
            var length = bytes[at..].IndexOf((byte)'\n');
            var line = length < 0 ? bytes[at..] : bytes.Slice(at, length);
            // The last line may still be being written; so may the first be the end of one, where the beginning is left out.
            if (Parse(line) is { } json)
                messages.AddRange(TranscriptFormat.Read(json, start + at + line.Length + (length < 0 ? 0 : 1)));
            else if (length < 0)
                break;
            at += line.Length + (length < 0 ? 0 : 1);
        }
        return new Transcript(messages, start + at);
    }

    private static Transcript ReadDocument(FileStream file, long offset)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        if (Parse(bytes) is not { } json || !json.TryGetProperty("messages", out var all) || all.ValueKind != JsonValueKind.Array)
            return new Transcript([], offset);

        var skipped = (int)Math.Min(offset, all.GetArrayLength());
        return new Transcript([.. all.EnumerateArray().Select((message, number) => (message, number)).Skip(skipped).SelectMany(one => TranscriptFormat.Read(one.message, one.number + 1))], all.GetArrayLength());
    }

    /// <returns>Null for what is no JSON object.</returns>
    public static JsonElement? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Trim(" \t\r\n"u8).IsEmpty ? null : JsonElement.Parse(bytes) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
