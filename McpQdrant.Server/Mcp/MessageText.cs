using System.Text.Json;
using McpQdrant.Core.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace McpQdrant.Server.Mcp;

/// <summary>What one pass over the bytes of a message tells, before the SDK reads them: which message it is, and whether it can be served.</summary>
/// <remarks>
/// Nothing goes on that the SDK would read in another way than this does, or not at all: a message that reads in two ways could be checked
/// in one and served in the other, and one that the SDK can't read might never be answered.
/// </remarks>
internal sealed class MessageText
{
    private const int QuotedLength = 60;

    private const string NoMessage = "The message is JSON, but no JSON-RPC 2.0 message";

    private bool _hasVersion;
    private bool _hasOutcome;
    private bool _isAnswered;
    private bool _hasNullId;

    private MessageText()
    {
    }

    public MessageKind Kind { get; private set; }

    /// <summary>Its id as JSON, also where the rest can't be read; null where it has none.</summary>
    public byte[]? RawId { get; private set; }

    /// <summary>Its id as the SDK reads it.</summary>
    public RequestId Id { get; private set; }

    public string? Method { get; private set; }

    /// <summary>The <c>name</c> in its params, for instance a tool's.</summary>
    public string? Name { get; private set; }

    /// <summary>The request that it cancels.</summary>
    public RequestId Cancelled { get; private set; }

    /// <summary>Why it isn't served, in a sentence; null where it is.</summary>
    public string? Problem { get; private set; }

    public McpErrorCode ProblemCode { get; private set; }

    public static MessageText Read(ReadOnlyMemory<byte> utf8)
    {
        var message = new MessageText();
        try
        {
            message.Pass(utf8.Span);
        }
        catch (JsonException failure)
        {
            message.Refuse(McpErrorCode.ParseError, $"The message is not valid JSON in UTF-8: {WithoutPosition(failure)}");
        }
        if (message.Problem is not null)
            message.RawId ??= FindId(utf8.Span);
        return message;
    }

    /// <summary>The messages of a batch, each as it stands there.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> batch)
    {
        var messages = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(batch.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            messages.Add(batch[start..(int)reader.BytesConsumed]);
        }
        return messages;
    }

    /// <summary>Looks for a top-level <c>id</c> in a text that may end anywhere, and be as deep as it likes.</summary>
    /// <returns>The id as JSON; null where none is found.</returns>
    public static byte[]? FindId(ReadOnlySpan<byte> start)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue }));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                var isId = reader.ValueTextEquals("id");
                if (!reader.Read() || (!isId && !reader.TrySkip()))
                    return null;
                if (isId && reader.TokenType is JsonTokenType.Number or JsonTokenType.String && UnicodeJson.IsValidText(ref reader))
                    return Raw(start, reader);
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Not JSON from here on, or not Unicode: then there is no id to be found.
            return null;
        }
        return null;
    }

    private void Pass(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Kind = reader.TokenType == JsonTokenType.StartArray ? MessageKind.Batch : MessageKind.None;
            if (Kind == MessageKind.None)
                Refuse(McpErrorCode.InvalidRequest, $"{NoMessage}.");
            // To its end, so that what isn't JSON is told as such.
            while (reader.Read())
                reader.Skip();
            return;
        }

        var keys = new Stack<HashSet<string>>([NewKeys()]);
        var key = Key.Other;
        int? argumentsDepth = null;
        var isInParams = false;
        while (Problem is null && reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    if (!UnicodeJson.IsValidText(ref reader))
                        RefuseText();
                    else if (argumentsDepth is null)
                        key = ReadKey(ref reader, keys.Peek(), isInParams);
                    continue;
                case JsonTokenType.StartObject or JsonTokenType.StartArray when argumentsDepth is null && key == Key.Arguments:
                    argumentsDepth = reader.CurrentDepth;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray when reader.CurrentDepth == argumentsDepth:
                    argumentsDepth = null;
                    break;
                case JsonTokenType.StartObject when argumentsDepth is null:
                    keys.Push(NewKeys());
                    isInParams |= key == Key.Params;
                    break;
                case JsonTokenType.EndObject when argumentsDepth is null:
                    keys.Pop();
                    isInParams &= reader.CurrentDepth > 1;
                    break;
                case JsonTokenType.String when !UnicodeJson.IsValidText(ref reader):
                    RefuseText();
                    break;
            }
            ReadValue(key, ref reader, utf8);
            key = Key.Other;
        }
        Classify();
    }

    /// <remarks>The SDK reads keys in any case, so that <c>Name</c> is <c>name</c> once more. What is in arguments is the tool's to judge.</remarks>
    private Key ReadKey(ref Utf8JsonReader reader, HashSet<string> siblings, bool isInParams)
    {
        var text = reader.GetString()!;
        if (!siblings.Add(text))
            Refuse(McpErrorCode.InvalidRequest, $"The message has the key '{(text.Length <= QuotedLength ? text : $"{text[..QuotedLength]}…")}' twice.");

        return (reader.CurrentDepth, text) switch
        {
            (1, "jsonrpc") => Key.Version,
            (1, "id") => Key.Id,
            (1, "method") => Key.Method,
            (1, "params") => Key.Params,
            (1, "result" or "error") => Key.Outcome,
            (2, "name") when isInParams => Key.Name,
            (2, "requestId") when isInParams => Key.Cancelled,
            (2, _) when isInParams && text.Equals("arguments", StringComparison.OrdinalIgnoreCase) => Key.Arguments,
            _ => Key.Other,
        };
    }

    private void ReadValue(Key key, ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        if (Problem is not null)
            return;

        switch (key)
        {
            case Key.Version:
                _hasVersion = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0");
                break;
            case Key.Id when reader.TokenType == JsonTokenType.Null:
                _hasNullId = true;
                break;
            case Key.Id:
                Id = ReadId(reader);
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
                    RawId = Raw(utf8, reader);
                if (Id.Id is null)
                    Refuse(McpErrorCode.InvalidRequest, "The id of a message must be a text or an integer of at most 64 bits.");
                break;
            case Key.Method when reader.TokenType == JsonTokenType.String:
                Method = reader.GetString();
                break;
            case Key.Method:
                Refuse(McpErrorCode.InvalidRequest, $"{NoMessage}: its method is no text.");
                break;
            case Key.Name when reader.TokenType == JsonTokenType.String:
                Name = reader.GetString();
                break;
            case Key.Cancelled:
                Cancelled = ReadId(reader);
                break;
            case Key.Outcome:
                _hasOutcome = true;
                _isAnswered |= reader.TokenType != JsonTokenType.Null;
                break;
        }
    }

    private void Classify()
    {
        if (Problem is not null)
            return;

        Kind = this switch
        {
            { Method: not null, Id.Id: not null } => MessageKind.Request,
            { Method: not null } => MessageKind.Notification,
            _ => MessageKind.Response,
        };
        if (!_hasVersion)
            Refuse(McpErrorCode.InvalidRequest, $"{NoMessage}: it needs \"jsonrpc\": \"2.0\".");
        else if (Method is not null && _hasNullId)
            Refuse(McpErrorCode.InvalidRequest, "The id of a request must not be null; a notification has none.");
        else if (Method is not null && _isAnswered)
            Refuse(McpErrorCode.InvalidRequest, $"{NoMessage}: it has a method, so it must have neither result nor error.");
        else if (Method is null && !_hasOutcome)
            Refuse(McpErrorCode.InvalidRequest, $"{NoMessage}: it has no method.");
    }

    private void RefuseText() =>
        Refuse(McpErrorCode.InvalidRequest, "The message holds a text that is no Unicode: bytes that aren't UTF-8, or half of a surrogate pair.");

    private void Refuse(McpErrorCode code, string problem) => (ProblemCode, Problem) = (code, problem);

    private static HashSet<string> NewKeys() => new(StringComparer.OrdinalIgnoreCase);

    private static RequestId ReadId(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => new RequestId(reader.GetString()!),
        JsonTokenType.Number when reader.TryGetInt64(out var number) => new RequestId(number),
        _ => default,
    };

    private static byte[] Raw(ReadOnlySpan<byte> utf8, in Utf8JsonReader reader) => utf8[(int)reader.TokenStartIndex..(int)reader.BytesConsumed].ToArray();

    /// <summary>The parser's words without its coordinates, which count from a place that the caller can't see.</summary>
    private static string WithoutPosition(JsonException failure) => failure.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];

    private enum Key
    {
        Other,
        Version,
        Id,
        Method,
        Params,
        Outcome,
        Name,
        Arguments,
        Cancelled,
    }
}

internal enum MessageKind
{
    /// <summary>No message.</summary>
    None,

    Request,
    Notification,
    Response,

    /// <summary>Several in an array, as 2025-03-26 allows.</summary>
    Batch,
}
