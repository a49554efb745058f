using System.Text;

namespace McpQdrant.Core.Access;

/// <summary>The start of a caller's collections, from a template such as <c>{caller}-</c>.</summary>
/// <remarks>
/// No two callers may reach one collection: <c>a-</c> and <c>b-c</c> must not meet <c>a-b-</c> and <c>c</c>. So all but letters, digits,
/// <c>_</c> and <c>.</c> of a name is written <c>~hex</c> and a <c>~</c> ends it, and the template must go on with something else.
/// </remarks>
public static class CollectionPrefix
{
    public const string Placeholder = "{caller}";

    /// <summary>Why a template can't be used, in a sentence; null where it can. Two callers must not share a collection by accident.</summary>
    public static string? Problem(string template)
    {
        var at = template.IndexOf(Placeholder, StringComparison.Ordinal);
        if (at < 0)
            return null;

        var end = at + Placeholder.Length;
        return end == template.Length || IsPlain(template[end]) || template[end] == '~'
            ? $"is '{template}', where nothing tells the end of the caller's name. Put a sign between them, for instance {Placeholder}-."
            : null;
    }

    public static string For(string template, string caller) =>
        template.Contains('{', StringComparison.Ordinal) ? template.Replace(Placeholder, Escape(caller), StringComparison.Ordinal) : template;

    private static string Escape(string name)
    {
        if (name.All(IsPlain))
            return name;

        var escaped = new StringBuilder();
        foreach (var character in name)
        {
            if (IsPlain(character))
                escaped.Append(character);
            else
                escaped.Append('~').Append(((int)character).ToString("x2", System.Globalization.CultureInfo.InvariantCulture)).Append('~');
        }
        return escaped.ToString();
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '.';
}
