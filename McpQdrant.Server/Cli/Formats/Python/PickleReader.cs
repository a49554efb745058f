using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace McpQdrant.Server.Cli.Formats.Python;

/// <summary>Reads pickled data, and runs nothing: classes are names, and what would call something is refused.</summary>
/// <remarks>The opcodes of protocols 2 to 5 that data is made of: https://github.com/python/cpython/blob/main/Lib/pickletools.py</remarks>
internal ref struct PickleReader
{
    /// <summary>The only classes that points are made of.</summary>
    private const string KnownModule = "qdrant_client.";

    private static readonly object Mark = new();

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Stack<object?> _stack = new();
    private readonly List<object?> _memo = [];
    private int _at;

    private PickleReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <returns>Null, a truth value, a number, a text, bytes, a list, a dictionary, or a <see cref="PickledObject"/>.</returns>
    /// <exception cref="FormatException">It is no pickled data, was cut off, or would run something; the message says which.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new PickleReader(bytes);
        try
        {
            while (reader.Step())
            {
            }
            return reader._stack.Pop();
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or InvalidCastException or ArgumentException or KeyNotFoundException or OverflowException or DecoderFallbackException)
        {
            throw new FormatException($"its pickled data are damaged at byte {reader._at}", wrong);
        }
    }

    /// <returns>False at the end.</returns>
    private bool Step()
    {
        var opcode = Take(1)[0];
        switch (opcode)
        {
            case (byte)'.': return false;
            case 0x80: Take(1); break;                                                       // PROTO
            case 0x95: Take(8); break;                                                       // FRAME
            case (byte)'(': _stack.Push(Mark); break;
            case (byte)'0': _stack.Pop(); break;
            case (byte)'1': PopMarked(); break;
            case (byte)'2': _stack.Push(_stack.Peek()); break;
            case (byte)'N': _stack.Push(null); break;
            case 0x88: _stack.Push(true); break;
            case 0x89: _stack.Push(false); break;
            case (byte)'K': _stack.Push((long)Take(1)[0]); break;
            case (byte)'M': _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'J': _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 0x8a: PushInteger(Take(Take(1)[0])); break;                        // LONG1
            case (byte)'G': _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case 0x8c: _stack.Push(Text(Take(1)[0])); break;
            case (byte)'X': _stack.Push(Text(Length4())); break;
            case 0x8d: _stack.Push(Text(Length8())); break;
            case (byte)'C': _stack.Push(Take(Take(1)[0]).ToArray()); break;
            case (byte)'B': _stack.Push(Take(Length4()).ToArray()); break;
            case 0x8e: _stack.Push(Take(Length8()).ToArray()); break;
            case (byte)']' or (byte)')' or 0x8f: _stack.Push(new List<object?>()); break;    // a list, a tuple, a set
            case (byte)'t' or (byte)'l' or 0x91: _stack.Push(PopMarked()); break;
            case 0x85: _stack.Push(PopLast(1)); break;
            case 0x86: _stack.Push(PopLast(2)); break;
            case 0x87: _stack.Push(PopLast(3)); break;
            case (byte)'a': { var item = _stack.Pop(); List().Add(item); break; }
            case (byte)'e' or 0x90: { var items = PopMarked(); List().AddRange(items); break; }
            case (byte)'}': _stack.Push(new Dictionary<string, object?>()); break;
            case (byte)'s': { var item = PopLast(2); Set(item); break; }
            case (byte)'u': { var items = PopMarked(); Set(items); break; }
            case 0x94: _memo.Add(_stack.Peek()); break;                                      // MEMOIZE
            case (byte)'q': Put(Take(1)[0]); break;
            case (byte)'r': Put(Length4()); break;
            case (byte)'h': _stack.Push(_memo[Take(1)[0]]); break;
            case (byte)'j': _stack.Push(_memo[Length4()]); break;
            case (byte)'c': _stack.Push(Class(Line(), Line())); break;
            case 0x93: { var names = PopLast(2); _stack.Push(Class((string)names[0]!, (string)names[1]!)); break; }
            case 0x81: { _stack.Pop(); _stack.Push(new PickledObject((PickledClass)_stack.Pop()!)); break; } // NEWOBJ: no constructor is called
            case (byte)'b': { var state = _stack.Pop(); ((PickledObject)_stack.Peek()!).State = state; break; }
            case (byte)'R' or 0x92 or (byte)'i' or (byte)'o':
                throw new FormatException("its pickled data would call something, which the data of memories never do; nothing was run");
            default:
                throw new FormatException($"its pickled data have the code {opcode:x2} at byte {_at - 1}, which the data of memories never have");
        }
        return true;
    }

    private static PickledClass Class(string module, string name) => module.StartsWith(KnownModule, StringComparison.Ordinal)
        ? new PickledClass(module, name)
        : throw new FormatException($"its pickled data name '{module}.{name}', which the data of memories never do; nothing was run");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
            throw new FormatException($"its pickled data were cut off at byte {_bytes.Length}");
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private int Length4() => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));

    private int Length8() => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(Take(8)));

    private string Text(int length) => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(Take(length));

    private string Line()
    {
        var end = _bytes[_at..].IndexOf((byte)'\n');
        var line = Text(end < 0 ? _bytes.Length : end);
        Take(1);
        return line;
    }

    private readonly void PushInteger(ReadOnlySpan<byte> littleEndian)
    {
        var number = new BigInteger(littleEndian);
        if (number >= long.MinValue && number <= long.MaxValue)
            _stack.Push((long)number);
        else if (number > 0 && number <= ulong.MaxValue)
            _stack.Push((ulong)number);
        else
            _stack.Push((double)number);
    }

    private readonly List<object?> List() => (List<object?>)_stack.Peek()!;

    private readonly List<object?> PopMarked()
    {
        var items = new List<object?>();
        while (_stack.Pop() is var item && !ReferenceEquals(item, Mark))
            items.Add(item);
        items.Reverse();
        return items;
    }

    private readonly List<object?> PopLast(int count)
    {
        var items = new List<object?>();
        for (var i = 0; i < count; i++)
            items.Add(_stack.Pop());
        items.Reverse();
        return items;
    }

    private readonly void Set(List<object?> pairs)
    {
        var fields = (Dictionary<string, object?>)_stack.Peek()!;
        for (var i = 0; i < pairs.Count; i += 2)
            fields[(string)pairs[i]!] = pairs[i + 1];
    }

    private readonly void Put(int index)
    {
        if (index != _memo.Count)
            throw new FormatException("its pickled data keep values out of order, which the data of memories never do");
        _memo.Add(_stack.Peek());
    }
}

/// <summary>A class by its name.</summary>
internal sealed record PickledClass(string Module, string Name);

/// <summary>An object by its class's name and its state.</summary>
internal sealed class PickledObject(PickledClass type)
{
    public PickledClass Type { get; } = type;

    public object? State { get; set; }

    /// <summary>What pydantic keeps an object's fields in, or the state itself.</summary>
    public Dictionary<string, object?>? Fields => State is Dictionary<string, object?> state
        ? state.GetValueOrDefault("__dict__") as Dictionary<string, object?> ?? state
        : null;
}
