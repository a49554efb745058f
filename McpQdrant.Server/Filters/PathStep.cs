using System.Globalization;
using System.Text;

namespace McpQdrant.Server.Filters;

/// <summary>One step of a path.</summary>
/// <param name="Key">A member's name; null for a step into a list.</param>
/// <param name="Index">Which element of a list, or <see cref="EveryIndex"/>; 0 for a key.</param>
internal readonly record struct PathStep(string? Key, int Index)
{
    public const int EveryIndex = -1;

    public static readonly PathStep Every = new(null, EveryIndex);

    public void AppendTo(StringBuilder path)
    {
        if (Key is null)
        {
            path.Append('[').Append(Index == EveryIndex ? "" : Index.ToString(CultureInfo.InvariantCulture)).Append(']');
            return;
        }

        var quote = FieldPathReader.IsPlain(Key) ? "" : "\"";
        path.Append(path.Length > 0 ? "." : "").Append(quote).Append(Key).Append(quote);
    }
}
