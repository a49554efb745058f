using System.Buffers;
using System.Text.Json;
using McpQdrant.Core.Json;

namespace McpQdrant.Server.Mcp;

/// <summary>What a message must be before anything is made of it: one that reads in two ways could be checked in one and served in the other.</summary>
internal static class MessageText
{
    private const int QuotedLength = 60;

    /// <summary>Of the keys in params, as the reader counts.</summary>
    private const int DepthOfParams = 2;

    /// <returns>Why it isn't served, in a sentence; null where it may be, and for what is no JSON, which its parser tells.</returns>
    public static string? Refusal(in ReadOnlySequence<byte> message)
    {
        if (!UnicodeJson.IsValidUnicode(message))
            return "The message holds a text that is no Unicode: bytes that aren't UTF-8, or half of a surrogate pair.";

        return RepeatedKey(new Utf8JsonReader(message)) is { } key
            ? $"The message has the key '{(key.Length <= QuotedLength ? key : $"{key[..QuotedLength]}…")}' twice."
            : null;
    }

    /// <remarks>The SDK reads keys in any case, so that <c>Name</c> is <c>name</c> once more. What is in arguments is the tool's to judge.</remarks>
    /// <returns>A key that comes twice in one object; null for none.</returns>
    private static string? RepeatedKey(Utf8JsonReader reader)
    {
        var open = new Stack<HashSet<string>>();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        open.Push(new HashSet<string>(StringComparer.OrdinalIgnoreCase));
                        break;
                    case JsonTokenType.EndObject:
                        open.Pop();
                        break;
                    case JsonTokenType.PropertyName:
                        var key = reader.GetString()!;
                        if (!open.Peek().Add(key))
                            return key;
                        if (reader.CurrentDepth == DepthOfParams && key.Equals("arguments", StringComparison.OrdinalIgnoreCase))
                            reader.Skip();
                        break;
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }
        return null;
    }
}
