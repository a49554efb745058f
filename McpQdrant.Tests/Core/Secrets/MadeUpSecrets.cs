using System.Text;

namespace McpQdrant.Tests.Core.Secrets;

/// <summary>Secrets that nobody has: made at random, in the forms that their issuers publish, so that no scanner of repositories finds one here.</summary>
internal static class MadeUpSecrets
{
    private const string Digits = "0123456789";
    private const string Hex = "0123456789abcdef";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + Digits;
    private const string Lower = "abcdefghijklmnopqrstuvwxyz" + Digits;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + Lower;
    private const string Base64 = Letters + "+/";
    private const string UrlBase64 = Letters + "-_";

    /// <summary>A kind, and what makes one of it of random characters.</summary>
    private static readonly (string Kind, Func<Random, string> Make)[] Kinds =
    [
        ("private key", random => $"-----BEGIN RSA PRIVATE KEY-----\n{Of(random, 64, Base64)}\n{Of(random, 64, Base64)}==\n-----END RSA PRIVATE KEY-----"),
        ("private key", random => $"-----BEGIN OPENSSH PRIVATE KEY-----\\n{Of(random, 70, Base64)}\\n"),
        ("private key", random => $"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n{Of(random, 64, Base64)}\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----"),
        ("AWS access key id", random => $"AKIA{Of(random, 16, Upper)}"),
        ("AWS access key id", random => $"aws_access_key_id=ASIA{Of(random, 16, Upper)}"),
        ("AWS secret access key", random => $"aws_secret_access_key = {Of(random, 40, Base64)}"),
        ("Azure client secret", random => $"{Of(random, 3, Letters)}8Q~{Of(random, 34, UrlBase64)}"),
        ("Azure storage or bus key", random => $"DefaultEndpointsProtocol=https;AccountName=atlas;AccountKey={Of(random, 86, Base64)}==;EndpointSuffix=core.windows.net"),
        ("Azure signature", random => $"https://atlas.blob.core.windows.net/notes?sv=2024-01-01&sig={Of(random, 43, Letters)}%3D"),
        ("Google API key", random => $"AIza{Of(random, 35, UrlBase64)}"),
        ("Google OAuth secret", random => $"GOCSPX-{Of(random, 28, UrlBase64)}"),
        ("GitHub token", random => $"ghp_{Of(random, 36, Letters)}"),
        ("GitHub token", random => $"github_pat_{Of(random, 22, Letters)}_{Of(random, 59, Letters)}"),
        ("GitLab token", random => $"glpat-{Of(random, 20, UrlBase64)}"),
        ("Slack token", random => $"xoxb-{Of(random, 12, Digits)}-{Of(random, 12, Digits)}-{Of(random, 24, Letters)}"),
        ("Slack webhook", random => $"https://hooks.slack.com/services/T{Of(random, 8, Upper)}/B{Of(random, 8, Upper)}/{Of(random, 24, Letters)}"),
        ("Stripe key", random => $"sk_live_{Of(random, 24, Letters)}"),
        ("Square token", random => $"sq0atp-{Of(random, 22, UrlBase64)}"),
        ("Shopify token", random => $"shpat_{Of(random, 32, Hex)}"),
        ("npm token", random => $"npm_{Of(random, 36, Letters)}"),
        ("PyPI token", random => $"pypi-AgEIcHlwaS5vcmc{Of(random, 60, UrlBase64)}"),
        ("RubyGems key", random => $"rubygems_{Of(random, 48, Hex)}"),
        ("NuGet key", random => $"oy2{Of(random, 43, Lower)}"),
        ("Docker Hub token", random => $"dckr_pat_{Of(random, 27, UrlBase64)}"),
        ("Anthropic key", random => $"sk-ant-api03-{Of(random, 93, UrlBase64)}AA"),
        ("OpenAI key", random => $"sk-{Of(random, 20, Letters)}T3BlbkFJ{Of(random, 20, Letters)}"),
        ("OpenAI key", random => $"sk-proj-{Of(random, 74, UrlBase64)}A"),
        ("Hugging Face token", random => $"hf_{Of(random, 34, Letters)}"),
        ("Groq, xAI, Perplexity or Replicate key", random => $"gsk_{Of(random, 52, Letters)}"),
        ("SendGrid key", random => $"SG.{Of(random, 22, UrlBase64)}.{Of(random, 43, UrlBase64)}"),
        ("Twilio key", random => $"SK{Of(random, 32, Hex)}"),
        ("Mailgun or Mailchimp key", random => $"key-{Of(random, 32, Hex)}"),
        ("DigitalOcean token", random => $"dop_v1_{Of(random, 64, Hex)}"),
        ("Alibaba Cloud key", random => $"LTAI{Of(random, 20, Letters)}"),
        ("Tailscale key", random => $"tskey-auth-{Of(random, 12, Letters)}-{Of(random, 32, Letters)}"),
        ("Telegram bot token", random => $"{Of(random, 9, "123456789")}:AA{Of(random, 32, UrlBase64)}a"),
        ("Discord bot token", random => $"M{Of(random, 23, Letters)}.{Of(random, 6, UrlBase64)}.{Of(random, 37, Letters)}x"),
        ("Databricks token", random => $"dapi{Of(random, 32, Hex)}"),
        ("Vault token", random => $"hvs.{Of(random, 95, UrlBase64)}"),
        ("Terraform token", random => $"{Of(random, 14, Letters)}.atlasv1.{Of(random, 67, Letters)}"),
        ("Doppler token", random => $"dp.pt.{Of(random, 43, Letters)}"),
        ("Pulumi token", random => $"pul-{Of(random, 40, Hex)}"),
        ("Grafana token", random => $"glsa_{Of(random, 32, Letters)}_{Of(random, 8, Hex)}"),
        ("New Relic key", random => $"NRAK-{Of(random, 27, Upper)}"),
        ("Sentry token", random => $"sntryu_{Of(random, 64, Hex)}"),
        ("Linear key", random => $"lin_api_{Of(random, 40, Letters)}"),
        ("Notion token", random => $"ntn_{Of(random, 46, Letters)}"),
        ("Airtable token", random => $"pat{Of(random, 14, Letters)}.{Of(random, 64, Hex)}"),
        ("Figma token", random => $"figd_{Of(random, 39, UrlBase64)}a"),
        ("Postman key", random => $"PMAK-{Of(random, 24, Hex)}-{Of(random, 34, Hex)}"),
        ("Supabase token", random => $"sbp_{Of(random, 40, Hex)}"),
        ("JSON Web Token", random => $"eyJhbGciOiJIUzI1NiJ9.eyJ{Of(random, 40, UrlBase64)}.{Of(random, 43, UrlBase64)}"),
        ("password in an address", random => $"postgres://atlas:{Of(random, 14, Letters)}@db.internal:5432/atlas"),
        ("header's credentials", random => $"Authorization: Bearer {Of(random, 40, Letters)}7z"),
        ("password", random => $"DB_PASSWORD={Of(random, 9, Letters)}4x!"),
        ("password", random => $"the password is {Of(random, 9, Letters)}9k"),
        ("key or token", random => $"\"api_key\": \"{Of(random, 30, Letters)}5b\""),
        ("key or token", random => $"client-secret: {Of(random, 32, Hex)}"),
        ("card number", random => CardNumber(random, "4", 16)),
        ("card number", random => CardNumber(random, "53", 16)),
        ("card number", random => CardNumber(random, "37", 15)),
    ];

    /// <summary>So many secrets of all kinds, always the same.</summary>
    public static IEnumerable<(string Kind, string Secret)> Take(int count)
    {
        var random = new Random(7);
        return Enumerable.Range(0, count).Select(number => (Kinds[number % Kinds.Length].Kind, Kinds[number % Kinds.Length].Make(random)));
    }

    private static string Of(Random random, int length, string characters) => new(random.GetItems<char>(characters, length));

    /// <summary>A number with Luhn's check digit, plain or in groups of four.</summary>
    private static string CardNumber(Random random, string prefix, int length)
    {
        var body = prefix + Of(random, length - prefix.Length - 1, Digits);
        var sum = 0;
        for (var place = 0; place < body.Length; place++)
        {
            var digit = (body[^(place + 1)] - '0') * (place % 2 == 0 ? 2 : 1);
            sum += digit / 10 + digit % 10;
        }
        var number = $"{body}{(10 - sum % 10) % 10}";
        if (length != 16 || random.Next(2) == 0)
            return number;

        var groups = new StringBuilder();
        for (var at = 0; at < number.Length; at += 4)
            groups.Append(at == 0 ? "" : " ").Append(number, at, 4);
        return groups.ToString();
    }
}
