using System.Text.RegularExpressions;

namespace McpQdrant.Server.Hooks.Transcripts;

/// <summary>Something that a session brought and later ones should know.</summary>
/// <param name="Kind"><c>remember</c>, <c>preference</c>, <c>correction</c>, <c>decision</c>, <c>lesson</c> or <c>fix</c>.</param>
/// <param name="Offset">Where the transcript goes on behind the message that says it.</param>
internal sealed record Learning(string Kind, string Text, long Offset);

/// <summary>Finds what was decided, learnt or corrected, by how people say it. No model is asked, so it costs nothing, and misses what is said otherwise.</summary>
internal static partial class Learnings
{
    private const int MinLength = 20;
    private const int MaxLength = 400;
    private const int MaxError = 200;

    /// <summary>A fix belongs to an error that was seen this many messages before, at most.</summary>
    private const int MaxDistance = 40;

    /// <summary>What a sentence must begin with, and from whom. The first rule that matches counts.</summary>
    private static readonly (string Kind, Speaker[] From, Regex Pattern)[] Rules =
    [
        ("remember", [Speaker.User], Remember),
        ("decision", [Speaker.User, Speaker.Assistant], Decision),
        ("correction", [Speaker.User], Correction),
        ("preference", [Speaker.User], Preference),
        ("lesson", [Speaker.Assistant], Lesson),
    ];

    public static IEnumerable<Learning> In(IReadOnlyList<TranscriptMessage> messages)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        (string Text, int At)? error = null;
        for (var at = 0; at < messages.Count; at++)
        {
            var message = messages[at];
            if (message.Speaker == Speaker.Tool)
            {
                if (message.IsError && ErrorLine(message.Text) is { } line)
                    error = (line, at);
                continue;
            }

            foreach (var sentence in Sentences(message.Text))
            {
                if (message.Speaker == Speaker.Assistant && error is { } cause && at - cause.At <= MaxDistance && Fix.IsMatch(sentence))
                {
                    error = null;
                    if (Fitting($"{cause.Text} — {sentence}") is { } pair && seen.Add(pair))
                        yield return new Learning("fix", pair, message.Offset);
                }
                else if (Read(sentence, message.Speaker) is { } learnt && seen.Add(learnt.Text))
                {
                    yield return new Learning(learnt.Kind, learnt.Text, message.Offset);
                }
            }
        }
    }

    private static (string Kind, string Text)? Read(string sentence, Speaker speaker)
    {
        // Who asks has not decided.
        if (sentence.EndsWith('?'))
            return null;
        foreach (var (kind, from, pattern) in Rules)
        {
            if (!from.Contains(speaker) || pattern.Match(sentence) is not { Success: true } match)
                continue;
            var text = match.Groups["what"] is { Success: true } what ? what.Value : sentence;
            return Fitting(text) is { } fitting ? (kind, char.ToUpperInvariant(fitting[0]) + fitting[1..]) : null;
        }
        return null;
    }

    private static string? Fitting(string text) => text.Trim() is var trimmed && trimmed.Length is >= MinLength and <= MaxLength ? trimmed : null;

    /// <summary>The line of a tool's answer that names the error.</summary>
    private static string? ErrorLine(string text) =>
        text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length >= 10 && ErrorWord.IsMatch(line)) is { } line
            ? line[..Math.Min(line.Length, MaxError)]
            : null;

    /// <summary>Sentences of prose: code, quotations and tables are what is talked about, not what is said.</summary>
    private static IEnumerable<string> Sentences(string text)
    {
        var isCode = false;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode && line.Length > 0 && line[0] is not ('>' or '|'))
            {
                foreach (var sentence in SentenceEnd.Split(ListMark.Replace(line, "").Replace("**", "", StringComparison.Ordinal)))
                    yield return sentence.Trim();
            }
        }
    }

    [GeneratedRegex("^(?:please,? |also,? |and |ok,? |so,? ){0,2}(?:remember|don['’]t forget|do not forget|keep in mind|take note|note for (?:later|the future)|for the record|note to self|merk dir|vergiss nicht)[:,]? (?:that |this[:,]? |, dass |dass )?(?<what>.{8,})", RegexOptions.IgnoreCase)]
    private static partial Regex Remember { get; }

    [GeneratedRegex("^(?:(?:so|ok|okay|then|good|right),? )?(?:decision:|decided:|we(?:['’]ve| have)? (?:decided|agreed|settled)|i(?:['’]ve| have)? decided|it was decided|the decision is|let['’]s (?:go with|stick with|settle on)|we(?:['’]ll| will) (?:go with|stick with|use)|we(?:['’]re| are) going with|going with|agreed[:,])(?: |$)", RegexOptions.IgnoreCase)]
    private static partial Regex Decision { get; }

    [GeneratedRegex("^(?:no|nope|wrong|not quite|that['’]s (?:wrong|not right|incorrect|not what i)|that is (?:wrong|not right|incorrect)|i (?:said|meant|told you)|actually)[,.:;!—-]? .{8,}|^(?:please )?(?:use|take|call|put|run|write) .{2,120} (?:instead of|rather than|, not) .{2,}|^(?:please )?(?:don['’]t|do not|stop) (?:use|using|do|doing|call|calling|put|putting|add|adding|write|writing|touch|touching|commit|committing|run|running|edit|editing|change|changing|mock|mocking) .{4,}", RegexOptions.IgnoreCase)]
    private static partial Regex Correction { get; }

    [GeneratedRegex("^(?:please )?(?:always|never) .{6,}|^from now on,? .{6,}|^(?:i|we) (?:always|never|prefer|want you to always|want you to never|don['’]t like) .{6,}", RegexOptions.IgnoreCase)]
    private static partial Regex Preference { get; }

    [GeneratedRegex("^(?:the )?(?:root cause|lesson|lesson learn(?:ed|t)|takeaway|key insight|gotcha|important finding)(?: (?:is|was))?[: ]|^(?:it )?turns out (?:that )?|^(?:the|this|that) (?:problem|issue|bug|failure|error) (?:was|is caused by|was caused by|came from|comes from) ", RegexOptions.IgnoreCase)]
    private static partial Regex Lesson { get; }

    [GeneratedRegex("^(?:i(?:['’]ve| have)? )?(?:fixed|solved|resolved)\\b.{0,20}\\b(?:by|with|it)\\b|^(?:the )?(?:fix|solution|root cause|cause)(?: (?:is|was))?[: ]|^(?:that|this|adding|removing|changing|setting|using) .{0,120}\\b(?:fixed|fixes|solved|solves|resolved|resolves)\\b|^(?:the|this|that) (?:problem|issue|bug|failure|error) (?:was|is caused by|was caused by|came from|comes from) ", RegexOptions.IgnoreCase)]
    private static partial Regex Fix { get; }

    [GeneratedRegex("error|exception|failed|failure|fatal|panic|cannot|can't|not found|denied|refused|undefined|unexpected", RegexOptions.IgnoreCase)]
    private static partial Regex ErrorWord { get; }

    [GeneratedRegex(@"(?<=[.!?])\s+(?=[A-Z""'(`0-9])")]
    private static partial Regex SentenceEnd { get; }

    [GeneratedRegex(@"^(?:[-*•+]|\d{1,2}[.)]|#{1,6})\s+")]
    private static partial Regex ListMark { get; }
}
