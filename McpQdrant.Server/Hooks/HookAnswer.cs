using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpQdrant.Server.Hooks;

/// <summary>What a hook answers to add to a session's context, in the form of the client that asks.</summary>
internal static class HookAnswer
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(HookInput input, HookEvent hook, string context)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            if (input.IsCursor)
            {
                json.WriteString("additional_context", context);
            }
            else
            {
                json.WriteStartObject("hookSpecificOutput");
                json.WriteString("hookEventName", input.ClientEvent ?? (hook == HookEvent.SessionStart ? "SessionStart" : "UserPromptSubmit"));
                json.WriteString("additionalContext", context);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
