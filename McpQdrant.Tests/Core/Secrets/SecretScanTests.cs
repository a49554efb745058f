using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using McpQdrant.Core.Secrets;

namespace McpQdrant.Tests.Core.Secrets;

public sealed class SecretScanTests
{
    private static readonly string[] Frames =
    [
        "{0}", "Use {0} for the nightly build.", "The setting is\n  {0}\nsince March.", "curl -H 'X: {0}' https://api.atlas.internal", "| staging | `{0}` |",
    ];

    [Fact]
    public void Two_hundred_made_up_secrets_of_fifty_kinds_are_found_by_their_kind()
    {
        var secrets = MadeUpSecrets.Take(200).ToList();

        var wrong = secrets.Select((secret, number) => (secret.Kind, Text: Frames[number % Frames.Length].Replace("{0}", secret.Secret, StringComparison.Ordinal)))
            .Where(secret => SecretScan.KindIn(secret.Text)?.EndsWith($" {secret.Kind}", StringComparison.Ordinal) != true)
            .Select(secret => $"{secret.Kind}: {SecretScan.KindIn(secret.Text)} in {secret.Text}");

        Assert.Empty(wrong);
        Assert.True(secrets.Select(secret => secret.Kind).Distinct().Count() >= 50);
    }

    [Fact]
    public void At_most_two_of_two_thousand_ordinary_texts_are_taken_for_secrets()
    {
        var texts = OrdinaryTexts.Take(2000).ToList();

        var alarms = texts.Where(text => SecretScan.KindIn(text) is not null).Select(text => $"{SecretScan.KindIn(text)} in {text}").ToList();

        Assert.Equal(2000, texts.Count);
        Assert.True(alarms.Count <= 2, string.Join('\n', alarms));
    }

    [Fact]
    public void Mask_leaves_all_but_the_secret()
    {
        foreach (var (kind, secret) in MadeUpSecrets.Take(200))
        {
            var masked = SecretScan.Mask($"before {secret} after");

            Assert.StartsWith("before ", masked, StringComparison.Ordinal);
            Assert.EndsWith(" after", masked, StringComparison.Ordinal);
            Assert.Contains($"[secret: {kind}]", masked, StringComparison.Ordinal);
            Assert.DoesNotContain(Regex.Matches(secret, "[A-Za-z0-9]+").MaxBy(part => part.Length)!.Value, masked, StringComparison.Ordinal);
            Assert.Null(SecretScan.KindIn(masked));
        }
    }

    [Theory]
    [InlineData("4111 1111 1111 1111", true)]
    [InlineData("4111111111111112", false)]
    [InlineData("paid with 5555-5555-5555-4444.", true)]
    [InlineData("1234567890123452", false)]
    [InlineData("0.4111111111111111", false)]
    [InlineData("build-4111111111111111-x", false)]
    [InlineData("0000000000000000", false)]
    public void A_card_number_has_an_issuer_and_a_check_digit(string text, bool isCard) => Assert.Equal(isCard ? "a card number" : null, SecretScan.KindIn(text));

    [Theory]
    [InlineData("password: hunter2", true)]
    [InlineData("Passwort-Manager: password = 'Tr0ub4dor&3'", true)]
    [InlineData("password: string", false)]
    [InlineData("password is required", false)]
    [InlineData("password=${DB_PASSWORD}", false)]
    [InlineData("password = user.password1", false)]
    [InlineData("postgres://user:password@localhost/db", false)]
    [InlineData("The password rotates on Mondays.", false)]
    public void A_password_is_told_from_what_stands_for_one(string text, bool isPassword) => Assert.Equal(isPassword, SecretScan.KindIn(text) is not null);

    /// <summary>Without such a quantifier no input makes a pattern read the same text again and again.</summary>
    [Fact]
    public void No_pattern_has_a_quantifier_without_a_bound()
    {
        var patterns = typeof(SecretScan).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(SecretScan).Namespace)
            .SelectMany(type => type.GetMembers(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Select(member => member.GetCustomAttribute<GeneratedRegexAttribute>()?.Pattern)
            .OfType<string>()
            .ToList();

        Assert.True(patterns.Count > 50);
        Assert.All(patterns, pattern => Assert.DoesNotMatch(@"[*+]|\{\d+,\}", Regex.Replace(pattern, @"\\.|\[[^\]]*\]", "_")));
    }

    /// <summary>The longest text that may be stored, made of beginnings that come to nothing. Without bounds this would take hours; the runner's own limit ends it.</summary>
    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----A")]
    [InlineData("eyJ-")]
    [InlineData("password=")]
    [InlineData("http://a:")]
    [InlineData("4111 1111 1111 111")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("x=AKIA")]
    public void The_longest_text_of_beginnings_is_read_to_its_end(string beginning)
    {
        var text = new StringBuilder();
        while (text.Length < 1024 * 1024)
            text.Append(beginning);

        Assert.EndsWith("[secret: GitHub token]", SecretScan.Mask($"{text} {MadeUpSecrets.Take(20).First(secret => secret.Kind == "GitHub token").Secret}"), StringComparison.Ordinal);
    }
}
