using System.Text;
using System.Text.Json;
using McpQdrant.Core.Memories;

namespace McpQdrant.Server.Cli.Install;

/// <summary>Sets or removes one property of an object in a JSON file, with comments or not. All other bytes stay as they are, so that no comment and no order is lost.</summary>
internal sealed class JsonEntryEdit
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Allow, AllowTrailingCommas = true };

    private readonly byte[] _bytes;
    private readonly string _container;
    private readonly string _name;
    private readonly string _newLine;

    /// <param name="container">The property of the root whose object holds the entries.</param>
    /// <param name="name">The entry.</param>
    public JsonEntryEdit(string text, string container, string name)
    {
        (_container, _name) = (container, name);
        _newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        _bytes = Encoding.UTF8.GetBytes(string.IsNullOrWhiteSpace(text) ? $"{{{_newLine}}}{_newLine}" : text);
    }

    /// <param name="entry">Makes the entry of the file's indentation and line ends.</param>
    /// <returns>The text with the entry.</returns>
    /// <exception cref="MemoryException">The file can't be read, or has something else in the place.</exception>
    public string Set(Func<string, string, string> entry)
    {
        var root = ReadRoot();
        var indent = root.Members is [var first, ..] && IndentOf(first.NameStart) is { Length: > 0 } own ? own : "  ";
        var value = entry(indent, _newLine);
        if (ContainerIn(root) is not { } found)
            return Insert(root, "", indent, $"\"{_container}\": {Indented($"{{{_newLine}{indent}{Property(Indented(value, indent))}{_newLine}}}", indent)}");

        var container = ReadObject(found.ValueStart);
        if (EntryIn(container) is { } old)
            return Replace(old.ValueStart, old.ValueEnd, Indented(value, IndentOf(old.NameStart) ?? indent + indent));

        var outer = IndentOf(found.NameStart) ?? indent;
        return Insert(container, outer, outer + indent, Property(Indented(value, outer + indent)));
    }

    /// <returns>The text without the entry; null where it has none.</returns>
    /// <inheritdoc cref="Set"/>
    public string? Remove()
    {
        if (ContainerIn(ReadRoot()) is not { } found)
            return null;
        var container = ReadObject(found.ValueStart);
        if (EntryIn(container) is not { } entry)
            return null;

        var at = container.Members.IndexOf(entry);
        var comma = CommaAfter(entry.ValueEnd);
        var end = comma + 1 ?? entry.ValueEnd;
        if (container.Members.Count == 1)
        {
            var hasComment = HasComment(container.Start + 1, entry.NameStart) || HasComment(entry.ValueEnd, container.End - 1);
            return hasComment ? Replace(EndBefore(entry.NameStart), end, "") : Replace(container.Start + 1, container.End - 1, "");
        }
        if (at == container.Members.Count - 1)
        {
            // The last one goes with the blanks before it; so does the comma before it, if there was none behind.
            var kept = Replace(EndBefore(entry.NameStart), end, "");
            return comma is null ? WithoutByte(kept, CommaAfter(container.Members[at - 1].ValueEnd)!.Value) : kept;
        }

        return Replace(entry.NameStart, StartAfter(end), "");
    }

    private string Property(string value) => $"\"{_name}\": {value}";

    /// <summary>Adds a property behind the last one of an object.</summary>
    private string Insert(Node target, string outer, string inner, string property)
    {
        if (target.Members.Count == 0)
        {
            var inside = Encoding.UTF8.GetString(_bytes.AsSpan(target.Start + 1, target.End - target.Start - 2)).TrimEnd();
            return Replace(target.Start + 1, target.End - 1, $"{inside}{_newLine}{inner}{property}{_newLine}{outer}");
        }

        // Behind a comment that belongs to the last one, which gets its comma if it has none.
        var last = target.Members[^1].ValueEnd;
        var end = EndBefore(target.End - 1);
        var isOneLine = !_bytes.AsSpan(target.Start, target.End - target.Start).Contains((byte)'\n');
        var added = $"{(isOneLine ? " " : _newLine + inner)}{property}{(CommaAfter(last) is null ? "" : ",")}";
        return CommaAfter(last) is null
            ? Text(0, last) + "," + Text(last, end) + added + Text(end, _bytes.Length)
            : Text(0, end) + added + Text(end, _bytes.Length);
    }

    private string Indented(string text, string indent) => text.Replace(_newLine, _newLine + indent, StringComparison.Ordinal);

    private string Replace(int start, int end, string text) => Text(0, start) + text + Text(end, _bytes.Length);

    private static string WithoutByte(string text, int at)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetString(bytes, 0, at) + Encoding.UTF8.GetString(bytes, at + 1, bytes.Length - at - 1);
    }

    private string Text(int start, int end) => Encoding.UTF8.GetString(_bytes, start, end - start);

    /// <summary>The blanks before something that stands first on its line; null where it doesn't.</summary>
    private string? IndentOf(int at)
    {
        var line = _bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        return _bytes.AsSpan(line, at - line).Trim(" \t"u8).IsEmpty && line > 0 ? Text(line, at) : null;
    }

    /// <summary>Where what stands before a place ends, blanks not counted.</summary>
    private int EndBefore(int at) => _bytes.AsSpan(0, at).TrimEnd(" \t\r\n"u8).Length;

    private int StartAfter(int at) => _bytes.Length - _bytes.AsSpan(at).TrimStart(" \t\r\n"u8).Length;

    /// <summary>Where the comma behind a value stands; null where there is none.</summary>
    private int? CommaAfter(int at)
    {
        while (at < _bytes.Length)
        {
            if (_bytes[at] == ',')
                return at;
            if (_bytes.AsSpan(at).StartsWith("//"u8))
                at += _bytes.AsSpan(at).IndexOf((byte)'\n') is var end and >= 0 ? end : _bytes.Length - at;
            else if (_bytes.AsSpan(at).StartsWith("/*"u8))
                at += _bytes.AsSpan(at + 2).IndexOf("*/"u8) + 4;
            else if (_bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                at++;
            else
                return null;
        }
        return null;
    }

    private bool HasComment(int start, int end) => _bytes.AsSpan(start, end - start).Contains((byte)'/');

    private Member? ContainerIn(Node root) => root.Members.FindAll(member => member.Name == _container) switch
    {
        [] => null,
        [{ IsObject: true } only] => only,
        [_] => throw new MemoryException($"In it '{_container}' is no object, so nothing was changed."),
        _ => throw new MemoryException($"In it '{_container}' stands more than once, so nothing was changed. Leave one."),
    };

    private Member? EntryIn(Node container) => container.Members.FindAll(member => member.Name == _name) switch
    {
        [] => null,
        [var only] => only,
        _ => throw new MemoryException($"In it '{_name}' stands more than once in '{_container}', so nothing was changed. Leave one."),
    };

    private Node ReadRoot()
    {
        try
        {
            // Read to its end, so that a file that is broken anywhere is left alone.
            var all = new Utf8JsonReader(_bytes, Lenient);
            while (all.Read())
            {
            }
            var start = StartOfRoot();
            return ReadObject(start);
        }
        catch (JsonException broken)
        {
            throw new MemoryException(
                $"It is no valid JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}), so nothing was changed. Mend it, then try again.", broken);
        }
    }

    private int StartOfRoot()
    {
        var reader = new Utf8JsonReader(_bytes, Lenient);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                return (int)reader.TokenStartIndex;
            if (reader.TokenType != JsonTokenType.Comment)
                break;
        }
        throw new MemoryException("It is no JSON object, so nothing was changed. Mend it, then try again.");
    }

    /// <summary>The properties of the object that begins at a place.</summary>
    private Node ReadObject(int start)
    {
        var reader = new Utf8JsonReader(_bytes.AsSpan(start), isFinalBlock: true, new JsonReaderState(Lenient));
        reader.Read();
        var members = new List<Member>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var (name, nameStart) = (reader.GetString()!, start + (int)reader.TokenStartIndex);
            do
                reader.Read();
            while (reader.TokenType == JsonTokenType.Comment);
            var (valueStart, isObject) = (start + (int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.StartObject);
            var depth = reader.CurrentDepth;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                // Skip() doesn't like comments.
                while (reader.Read() && reader.CurrentDepth > depth)
                {
                }
            }
            members.Add(new Member(name, nameStart, valueStart, start + (int)reader.BytesConsumed, isObject));
        }
        return new Node(start, start + (int)reader.BytesConsumed, members);
    }

    /// <param name="Start">Of its opening bracket.</param>
    /// <param name="End">Behind its closing bracket.</param>
    private sealed record Node(int Start, int End, List<Member> Members);

    private sealed record Member(string Name, int NameStart, int ValueStart, int ValueEnd, bool IsObject);
}
