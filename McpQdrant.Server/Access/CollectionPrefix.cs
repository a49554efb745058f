using System.Text;
using McpQdrant.Server.Configuration;

namespace McpQdrant.Server.Access;

/// <summary>The start of a caller's collections, from a template such as <c>{caller}-</c>.</summary>
/// <remarks>
/// No two callers may reach one collection: <c>a-</c> and <c>b-c</c> must not meet <c>a-b-</c> and <c>c</c>. So all but letters, digits,
/// <c>_</c> and <c>.</c> of a name is written <c>~hex</c> and a <c>~</c> ends it, and the template must go on with something else.
/// </remarks>
internal static class CollectionPrefix
{
    public const string Placeholder = "{caller}";

    /// <exception cref="InvalidSettingsException">Two callers could have the same collection.</exception>
    public static void Check(string template)
    {
        var at = template.IndexOf(Placeholder, StringComparison.Ordinal);
        if (at < 0)
            return;

        var end = at + Placeholder.Length;
        if (end == template.Length || IsPlain(template[end]) || template[end] == '~')
        {
            throw new InvalidSettingsException(
                [$"{Settings.CollectionPrefix.Name} is '{template}', where nothing tells the end of the caller's name. Put a sign between them, for instance {Placeholder}-."]);
        }
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
