using System.Collections;
using System.Text;

namespace McpQdrant.Core.Secrets;

/// <summary>Finds secrets in a text: keys, tokens, passwords, card numbers.</summary>
public static class SecretScan
{
    /// <summary>The kind of a secret in a text, with its article, for instance <c>a GitHub token</c>; null where there is none.</summary>
    public static string? KindIn(string text) => Candidates(text).Select(secret => secret.Kind).FirstOrDefault();

    /// <summary>The text with <c>[secret: kind]</c> in the place of each secret; the text itself where there is none.</summary>
    public static string Mask(string text)
    {
        var secrets = Find(text);
        if (secrets.Count == 0)
            return text;

        var masked = new StringBuilder(text.Length);
        var at = 0;
        foreach (var secret in secrets)
        {
            masked.Append(text, at, secret.Start - at).Append("[secret: ").Append(secret.Kind[(secret.Kind.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Append(']');
            at = secret.Start + secret.Length;
        }
        return masked.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>All secrets of a text in their order; none overlaps another.</summary>
    private static List<FoundSecret> Find(string text)
    {
        List<FoundSecret> found = [];
        var isTaken = new BitArray(text.Length);
        foreach (var secret in Candidates(text))
        {
            if (Enumerable.Range(secret.Start, secret.Length).Any(at => isTaken[at]))
                continue;
            for (var at = secret.Start; at < secret.Start + secret.Length; at++)
                isTaken[at] = true;
            found.Add(secret);
        }

        found.Sort((one, other) => one.Start.CompareTo(other.Start));
        return found;
    }

    /// <summary>What each rule finds, rule by rule.</summary>
    private static IEnumerable<FoundSecret> Candidates(string text)
    {
        foreach (var rule in SecretRules.All)
        {
            for (var match = rule.Pattern.Match(text); match.Success; match = match.NextMatch())
            {
                var secret = match.Groups["secret"] is { Success: true } group ? group : match.Groups[0];
                if (rule.IsReal is null || rule.IsReal(secret.Value))
                    yield return new FoundSecret(rule.Kind, secret.Index, secret.Length);
            }
        }
    }

    /// <summary>Where a secret stands in a text. It doesn't hold the secret itself.</summary>
    private readonly record struct FoundSecret(string Kind, int Start, int Length);
}
