using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace McpQdrant.Core.Json;

/// <summary>Tells JSON whose texts are Unicode from JSON that has bytes which aren't UTF-8, or escapes of half a character (<c>\ud800</c>).</summary>
/// <remarks>A parser takes both, and fails when the text is read, wherever that may be: so what comes from outside is looked through once, at the door.</remarks>
public static class UnicodeJson
{
    /// <returns>False for texts that aren't Unicode; true also for what is no JSON, which its parser tells.</returns>
    public static bool IsValidUnicode(in ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsValidText(ref reader))
                    return false;
            }
        }
        catch (JsonException)
        {
            return true;
        }
        return true;
    }

    /// <summary>Whether the string or property name that the reader stands on is Unicode.</summary>
    public static bool IsValidText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped && !reader.HasValueSequence)
            return Utf8.IsValid(reader.ValueSpan);

        var buffer = ArrayPool<char>.Shared.Rent((int)(reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length));
        try
        {
            reader.CopyString(buffer);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}
