using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using McpQdrant.Core.Json;

namespace McpQdrant.Server.Cli.Formats.Json;

/// <summary>The items of an array in a file of JSON, one after the other: only the one that is read is in memory.</summary>
/// <remarks>The array is the file itself, or the first array of an object that is the file.</remarks>
internal sealed class JsonItems
{
    /// <summary>The longest item; long conversations have a few megabytes.</summary>
    private const int MaxItemBytes = 64 * 1024 * 1024;

    private const int BufferSize = 64 * 1024;
    private const int MaxDepth = 256;

    private byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private bool _isWhole;
    private bool _isInArray;
    private bool _isAfterArray;
    private long _line = 1;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });

    private JsonItems()
    {
    }

    /// <summary>Reads until the array ends, or something stands in the way, which is the last item then.</summary>
    public static async IAsyncEnumerable<JsonItem> ReadAsync(ImportSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var input = source.Open();
        var items = new JsonItems();
        while (true)
        {
            var item = await items.NextAsync(input, cancellationToken);
            if (item is not null)
                yield return item;
            if (item is null or { Problem: not null, IsLast: true })
                yield break;
        }
    }

    /// <returns>Null at the end of the array.</returns>
    private async Task<JsonItem?> NextAsync(Stream input, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (TryRead(out var item))
                    return item;
                if (_isWhole)
                    return Broken("the file ends within the array: it was cut off");
                if (_end - _start >= MaxItemBytes)
                    return Broken($"an entry is longer than {MaxItemBytes / 1024 / 1024} MiB");
                await FillAsync(input, cancellationToken);
            }
        }
        catch (JsonException wrong)
        {
            return Broken($"it is not JSON, or was cut off: {wrong.Message.Split(" LineNumber:")[0].TrimEnd('.')}");
        }
        catch (Exception failure) when (ImportSource.IsDamage(failure) || failure is FormatException)
        {
            return Broken(failure.Message);
        }
    }

    /// <returns>False where more has to be read from the file.</returns>
    private bool TryRead(out JsonItem? item)
    {
        item = null;
        if (_isAfterArray)
            return TryFinish();
        while (!_isInArray)
        {
            if (!TryFindArray())
                return false;
        }

        var reader = Reader();
        if (!reader.Read())
            return false;
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            Advance(ref reader);
            _isAfterArray = true;
            return TryFinish();
        }

        var begin = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
            return false;

        var utf8 = _buffer.AsMemory(_start + begin, (int)reader.BytesConsumed - begin);
        // What stands before an item, blanks and a comma, is not in its first line.
        var line = _line + Lines(_buffer.AsSpan(_start, begin));
        item = UnicodeJson.IsValidUnicode(new(utf8))
            ? new JsonItem(JsonElement.Parse(utf8.Span, new JsonDocumentOptions { MaxDepth = MaxDepth }), line)
            : new JsonItem(default, line) { Problem = "it holds bytes that are not UTF-8, or half of a character (such as \\ud800)" };
        Advance(ref reader);
        return true;
    }

    /// <summary>Goes on until the array begins: step by step, since what was read can't be read again.</summary>
    private bool TryFindArray()
    {
        var reader = Reader();
        if (!reader.Read())
            return false;

        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                _isInArray = true;
                break;
            case JsonTokenType.StartObject when reader.CurrentDepth == 0:
            case JsonTokenType.PropertyName:
                break;
            case JsonTokenType.EndObject:
                throw new FormatException("there is no array in it");
            default:
                if (!reader.TrySkip())
                    return false;
                break;
        }
        Advance(ref reader);
        return true;
    }

    /// <summary>Passes over what stands behind the array, since a file may have been cut off there too.</summary>
    private bool TryFinish()
    {
        while (true)
        {
            var reader = Reader();
            if (!reader.Read())
                return _isWhole;
            Advance(ref reader);
        }
    }

    private Utf8JsonReader Reader() => new(_buffer.AsSpan(_start, _end - _start), _isWhole, _state);

    private void Advance(ref Utf8JsonReader reader)
    {
        var consumed = (int)reader.BytesConsumed;
        _line += Lines(_buffer.AsSpan(_start, consumed));
        _state = reader.CurrentState;
        _start += consumed;
    }

    private async Task FillAsync(Stream input, CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end > _buffer.Length / 2)
            Array.Resize(ref _buffer, Math.Min(2 * _buffer.Length, MaxItemBytes + BufferSize));

        var isFirst = _line == 1 && _end == 0 && !_isInArray;
        // As much as there is room for, since an item is looked through from its beginning each time.
        var room = _buffer.AsMemory(_end);
        var read = await input.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, cancellationToken);
        _end += read;
        _isWhole = read < room.Length;
        if (isFirst && _buffer.AsSpan(0, _end).StartsWith(Encoding.UTF8.Preamble))
            _start = Encoding.UTF8.Preamble.Length;
    }

    private static int Lines(ReadOnlySpan<byte> bytes) => bytes.Count((byte)'\n');

    /// <summary>Tells where the item begins that can't be read.</summary>
    private JsonItem Broken(string reason)
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        var begin = rest.IndexOfAnyExcept(" \t\r\n,"u8);
        return new JsonItem(default, _line + Lines(begin < 0 ? rest : rest[..begin])) { Problem = $"{reason}; what follows was not read", IsLast = true };
    }
}

/// <summary>An item of an array.</summary>
/// <param name="Line">Where it begins.</param>
internal sealed record JsonItem(JsonElement Value, long Line)
{
    /// <summary>Why it can't be read, without a capital and a full stop; null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether what follows can't be read either.</summary>
    public bool IsLast { get; init; }
}
