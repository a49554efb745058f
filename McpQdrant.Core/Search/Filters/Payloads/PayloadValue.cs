using System.Diagnostics.CodeAnalysis;

namespace McpQdrant.Core.Search.Filters;

/// <summary>One JSON value of a payload, decoded and immutable: 16 bytes, and what it refers to.</summary>
/// <remarks>
/// Integers are kept as such up to 64 bits; beyond them they are floats, as in Qdrant, where only a value within signed 64 bits can
/// equal an integer of a filter, and ranges compare as floats anyway.
/// </remarks>
public readonly struct PayloadValue
{
    private static readonly object Integer = new();
    private static readonly object Float = new();
    private static readonly object Boolean = new();

    /// <summary>A text, a list, an object, or one of the marks above; null for JSON's null.</summary>
    private readonly object? _reference;
    private readonly long _bits;

    private PayloadValue(object reference, long bits = 0) => (_reference, _bits) = (reference, bits);

    public PayloadValue(long value) : this(Integer, value)
    {
    }

    public PayloadValue(double value) : this(Float, BitConverter.DoubleToInt64Bits(value))
    {
    }

    public PayloadValue(bool value) : this(Boolean, value ? 1 : 0)
    {
    }

    public PayloadValue(string text) : this(text, bits: 0)
    {
    }

    /// <param name="items">Not to be changed afterwards.</param>
    public PayloadValue(PayloadValue[] items) : this(items, bits: 0)
    {
    }

    public PayloadValue(PayloadObject members) : this(members, bits: 0)
    {
    }

    public bool IsNull => _reference is null;

    public bool IsObject => _reference is PayloadObject;

    /// <summary>Whether both are the same text, integer or boolean. Numbers of different kinds differ, even 1 and 1.0.</summary>
    public bool Is(PayloadValue other) =>
        ReferenceEquals(_reference, other._reference) ? _bits == other._bits
            : _reference is string text && other._reference is string otherText && text == otherText;

    public bool TryGetText([NotNullWhen(true)] out string? text)
    {
        text = _reference as string;
        return text is not null;
    }

    public bool TryGetBoolean(out bool value)
    {
        value = _bits != 0;
        return ReferenceEquals(_reference, Boolean);
    }

    public bool TryGetInteger(out long value)
    {
        value = _bits;
        return ReferenceEquals(_reference, Integer);
    }

    /// <summary>Any number, integers as well.</summary>
    public bool TryGetNumber(out double value)
    {
        if (ReferenceEquals(_reference, Integer))
        {
            value = _bits;
            return true;
        }

        value = BitConverter.Int64BitsToDouble(_bits);
        return ReferenceEquals(_reference, Float);
    }

    public bool TryGetItems(out ReadOnlySpan<PayloadValue> items)
    {
        var array = _reference as PayloadValue[];
        items = array;
        return array is not null;
    }

    /// <returns>False where this is no object, or one without the key.</returns>
    public bool TryGetMember(string key, out PayloadValue value)
    {
        if (_reference is PayloadObject members)
            return members.TryGet(key, out value);

        value = default;
        return false;
    }
}

/// <summary>The members of a JSON object.</summary>
/// <param name="keys">In ordinal order, each once; objects with the same keys share the array.</param>
/// <param name="values">Beside their keys.</param>
public sealed class PayloadObject(string[] keys, PayloadValue[] values)
{
    /// <summary>Up to here comparing one after the other is faster: most keys differ in length already.</summary>
    private const int ScannedKeys = 12;

    public bool TryGet(string key, out PayloadValue value)
    {
        var at = keys.Length <= ScannedKeys ? Scan(key) : Array.BinarySearch(keys, key, StringComparer.Ordinal);
        value = at >= 0 ? values[at] : default;
        return at >= 0;
    }

    private int Scan(string key)
    {
        for (var at = 0; at < keys.Length; at++)
        {
            if (string.Equals(keys[at], key))
                return at;
        }

        return -1;
    }
}
