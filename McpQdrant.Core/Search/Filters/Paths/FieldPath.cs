using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using McpQdrant.Core.Search.Filters.Checks;

namespace McpQdrant.Core.Search.Filters;

/// <summary>Where in a payload a condition looks: <c>metadata.items[].name</c>, taken apart once.</summary>
/// <remarks>A key applied to a list finds nothing, and so does <c>[]</c> or <c>[0]</c> applied to anything else.</remarks>
internal sealed class FieldPath
{
    private readonly PathStep[] _steps;

    private FieldPath(PathStep[] steps) => _steps = steps;

    /// <summary>The key at the payload's top.</summary>
    public string Root => _steps[0].Key!;

    public static bool TryParse(string text, [NotNullWhen(true)] out FieldPath? path)
    {
        path = new FieldPathReader(text).TryRead(out var steps) ? new FieldPath(steps) : null;
        return path is not null;
    }

    /// <exception cref="FilterException">The text is no path.</exception>
    public static FieldPath Parse(string text) =>
        TryParse(text, out var path) ? path : throw new FilterException($"The key '{text}' is no path. {Syntax}");

    public const string Syntax =
        """Join keys of letters, digits, _ and - by dots, as in metadata.project; put any other key in double quotes, as in metadata."a key"; [] is every element of a list, [0] the first.""";

    /// <summary>The path that the map gives for this one.</summary>
    /// <exception cref="FilterException">It gave no path.</exception>
    public FieldPath Map(Func<string, string> map) => Parse(map(ToString()));

    /// <summary>This path with <c>[]</c> at its end.</summary>
    public FieldPath OfElements() => _steps[^1] == PathStep.Every ? this : new FieldPath([.. _steps, PathStep.Every]);

    /// <summary>Whether one of the values here passes; null where there is no value.</summary>
    public bool? Any(PayloadValue payload, ValueCheck check) => Any(payload, 0, check);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in _steps)
            step.AppendTo(text);
        return text.ToString();
    }

    // Calls itself once for each list on the way, of which a payload has no more than the decoder's depth.
    private bool? Any(PayloadValue value, int at, ValueCheck check)
    {
        for (; at < _steps.Length; at++)
        {
            var (key, index) = _steps[at];
            if (key is not null)
            {
                if (!value.TryGetMember(key, out value))
                    return null;
                continue;
            }

            if (!value.TryGetItems(out var items))
                return null;
            if (index == PathStep.EveryIndex)
                return AnyOf(items, at + 1, check);
            if (index >= items.Length)
                return null;
            value = items[index];
        }

        return check.Passes(value);
    }

    private bool? AnyOf(ReadOnlySpan<PayloadValue> items, int at, ValueCheck check)
    {
        bool? any = null;
        foreach (var item in items)
        {
            var passes = Any(item, at, check);
            if (passes == true)
                return true;
            any ??= passes;
        }

        return any;
    }
}

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
