using System.Globalization;
using System.Text.Json;

namespace McpQdrant.Core.Json;

/// <summary>Whether two JSON values are the same, the one as it was sent and the other as a store gave it back.</summary>
/// <remarks>
/// Qdrant gives a double back one unit off in the last place for some texts of 17 digits, and an integer beyond 64 bits as a double. So
/// integers of 64 bits are compared exactly, and all other numbers as doubles that may differ in their last places.
/// The order of keys means nothing; of a key that comes twice the last one counts, as in Qdrant.
/// </remarks>
internal static class SameJson
{
    /// <summary>Four units in the last place: more than a reader loses, less than anybody means.</summary>
    private const double Tolerance = 4 * 2.220446049250313e-16;

    public static bool Equals(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind)
            return false;

        return one.ValueKind switch
        {
            JsonValueKind.Object => ObjectsEqual(Members(one), Members(other)),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength() && one.EnumerateArray().Zip(other.EnumerateArray(), Equals).All(isSame => isSame),
            JsonValueKind.String => one.GetString() == other.GetString(),
            JsonValueKind.Number => NumbersEqual(one.GetRawText(), other.GetRawText()),
            _ => true,
        };
    }

    private static bool ObjectsEqual(Dictionary<string, JsonElement> one, Dictionary<string, JsonElement> other) =>
        one.Count == other.Count && one.All(member => other.TryGetValue(member.Key, out var value) && Equals(member.Value, value));

    private static Dictionary<string, JsonElement> Members(JsonElement value)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
            members[member.Name] = member.Value;
        return members;
    }

    private static bool NumbersEqual(string one, string other)
    {
        if (one == other)
            return true;
        if (TryInteger(one, out var whole) && TryInteger(other, out var otherWhole))
            return whole == otherWhole;

        var (number, otherNumber) = (double.Parse(one, CultureInfo.InvariantCulture), double.Parse(other, CultureInfo.InvariantCulture));
        return number == otherNumber || Math.Abs(number - otherNumber) <= Tolerance * Math.Max(Math.Abs(number), Math.Abs(otherNumber));
    }

    /// <summary>Integers that every store keeps as such: those of 64 bits, with a sign or without.</summary>
    private static bool TryInteger(string number, out Int128 whole) =>
        Int128.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole) && whole >= long.MinValue && whole <= ulong.MaxValue;
}
