using System.Text.RegularExpressions;

namespace McpQdrant.Core.Secrets;

/// <summary>How one kind of secret is written.</summary>
/// <param name="Kind">What a person calls it, with its article, for instance <c>a GitHub token</c>.</param>
/// <param name="Pattern">Its group <c>secret</c> is the secret; without such a group the whole match is.</param>
/// <param name="IsReal">Decides about a match where its form alone doesn't; null where the form does.</param>
internal sealed record SecretRule(string Kind, Regex Pattern, Func<string, bool>? IsReal = null);

/// <summary>The table of secrets: forms that their issuers publish, of the families that scanners such as gitleaks and detect-secrets know.</summary>
/// <remarks>
/// No pattern has a quantifier without a bound, so the time is linear in the text. Where several rules match one place, the first counts.
/// </remarks>
internal static partial class SecretRules
{
    private const string Before = "(?<![A-Za-z0-9_])";
    private const string After = "(?![A-Za-z0-9_-])";

    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new("a private key", PrivateKey),
        new("an age secret key", AgeKey),
        new("an AWS access key id", AwsAccessKeyId),
        new("an AWS secret access key", AwsSecretKey, SecretStrength.IsMixed),
        new("an Azure client secret", AzureClientSecret),
        new("an Azure storage or bus key", AzureSharedKey),
        new("an Azure signature", AzureSignature),
        new("a Google API key", GoogleApiKey),
        new("a Google OAuth secret", GoogleOAuth),
        new("a GitHub token", GitHub),
        new("a GitLab token", GitLab),
        new("a Slack token", Slack),
        new("a Slack webhook", SlackWebhook),
        new("a Stripe key", Stripe),
        new("a Square token", Square),
        new("a Shopify token", Shopify),
        new("an npm token", Npm),
        new("a PyPI token", PyPi),
        new("a RubyGems key", RubyGems),
        new("a NuGet key", NuGet),
        new("a Docker Hub token", DockerHub),
        new("an Anthropic key", Anthropic),
        new("an OpenAI key", OpenAi),
        new("a Hugging Face token", HuggingFace),
        new("a Groq, xAI, Perplexity or Replicate key", ModelProvider),
        new("a SendGrid key", SendGrid),
        new("a Twilio key", Twilio),
        new("a Mailgun or Mailchimp key", Mail),
        new("a DigitalOcean token", DigitalOcean),
        new("an Alibaba Cloud key", Alibaba),
        new("a Cloudflare key", Cloudflare),
        new("a Fly.io token", Fly),
        new("a Tailscale key", Tailscale),
        new("a Telegram bot token", Telegram),
        new("a Discord bot token", Discord),
        new("a Discord webhook", DiscordWebhook),
        new("a Databricks token", Databricks),
        new("a Vault token", Vault),
        new("a Terraform token", Terraform),
        new("a Doppler token", Doppler),
        new("a Pulumi token", Pulumi),
        new("a Grafana token", Grafana),
        new("a New Relic key", NewRelic),
        new("a Sentry token", Sentry),
        new("a Dynatrace token", Dynatrace),
        new("a Linear key", Linear),
        new("a Notion token", Notion),
        new("an Airtable token", Airtable),
        new("an Atlassian token", Atlassian),
        new("a Figma token", Figma),
        new("a Postman key", Postman),
        new("a PlanetScale secret", PlanetScale),
        new("a Supabase token", Supabase),
        new("a Dropbox token", Dropbox),
        new("a JSON Web Token", JsonWebToken),
        new("a password in an address", AddressPassword, SecretStrength.IsNoPlaceholder),
        new("a header's credentials", AuthorizationHeader, SecretStrength.IsRandom),
        new("a card number", CardNumber, SecretStrength.IsCardNumber),
        new("a password", Password, SecretStrength.IsPassword),
        new("a key or token", KeyOrToken, SecretStrength.IsRandom),
    ];

    // A key that is cut off is one too: as far as its lines are long. No part has a dash but the headers, so that no beginning is read twice.
    [GeneratedRegex("-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?>(?:\\\\[rn]|\\s){0,8}(?:[A-Za-z-]{4,30}: [^\\n]{1,200}\\n){0,6})(?:(?>[A-Za-z0-9+/=\\s\\\\]{0,16000})-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|(?>(?:(?:\\\\[rn]|\\s){0,4}[A-Za-z0-9+/=]{16,120}){0,400}))|Private-Lines: [0-9]{1,3}\\s{1,2}(?<secret>[A-Za-z0-9+/=\\s]{40,4000})")]
    private static partial Regex PrivateKey { get; }

    [GeneratedRegex("AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}")]
    private static partial Regex AgeKey { get; }

    [GeneratedRegex(Before + "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}" + After)]
    private static partial Regex AwsAccessKeyId { get; }

    [GeneratedRegex("(?:aws|secret_?access_?key)[A-Za-z0-9_. -]{0,30}[\"']?\\s{0,3}(?:=>|:=|[:=])\\s{0,3}[\"']?(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])", RegexOptions.IgnoreCase)]
    private static partial Regex AwsSecretKey { get; }

    [GeneratedRegex("(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])")]
    private static partial Regex AzureClientSecret { get; }

    [GeneratedRegex("(?:AccountKey|SharedAccessKey)\\s{0,2}=\\s{0,2}(?<secret>[A-Za-z0-9+/]{42,86}={1,2})", RegexOptions.IgnoreCase)]
    private static partial Regex AzureSharedKey { get; }

    [GeneratedRegex("[?&;]sig=(?<secret>[A-Za-z0-9%+/_-]{40,80}(?:=|%3D){0,2})", RegexOptions.IgnoreCase)]
    private static partial Regex AzureSignature { get; }

    [GeneratedRegex(Before + "AIza[A-Za-z0-9_-]{35}" + After)]
    private static partial Regex GoogleApiKey { get; }

    [GeneratedRegex(Before + "(?:GOCSPX-[A-Za-z0-9_-]{28}|ya29\\.[A-Za-z0-9_-]{30,400})")]
    private static partial Regex GoogleOAuth { get; }

    [GeneratedRegex(Before + "(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,100})")]
    private static partial Regex GitHub { get; }

    [GeneratedRegex(Before + "(?:gl(?:pat|ptt|dt|rt|cbt|ft|agent|oas|soat|ffct|imt)-[A-Za-z0-9_-]{20,300}|GR1348941[A-Za-z0-9_-]{20})")]
    private static partial Regex GitLab { get; }

    [GeneratedRegex(Before + "(?:xox[abeoprs](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,250}|xapp-[0-9]-[A-Za-z0-9-]{10,250})")]
    private static partial Regex Slack { get; }

    [GeneratedRegex("hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{20,100}")]
    private static partial Regex SlackWebhook { get; }

    [GeneratedRegex(Before + "(?:(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,250}|whsec_[A-Za-z0-9+/=]{24,64})")]
    private static partial Regex Stripe { get; }

    [GeneratedRegex(Before + "(?:sq0[a-z]{3}-[A-Za-z0-9_-]{22,43}|EAAA[A-Za-z0-9_-]{60})" + After)]
    private static partial Regex Square { get; }

    [GeneratedRegex(Before + "shp(?:at|ca|pa|ss|tka|cba)_[A-Fa-f0-9]{32}" + After)]
    private static partial Regex Shopify { get; }

    [GeneratedRegex(Before + "npm_[A-Za-z0-9]{36}" + After)]
    private static partial Regex Npm { get; }

    [GeneratedRegex(Before + "pypi-[A-Za-z0-9_-]{50,1000}")]
    private static partial Regex PyPi { get; }

    [GeneratedRegex(Before + "rubygems_[a-f0-9]{48}" + After)]
    private static partial Regex RubyGems { get; }

    [GeneratedRegex(Before + "oy2[a-z0-9]{43}" + After)]
    private static partial Regex NuGet { get; }

    [GeneratedRegex(Before + "dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,50}")]
    private static partial Regex DockerHub { get; }

    [GeneratedRegex(Before + "sk-ant-[a-z0-9]{2,10}-[A-Za-z0-9_-]{40,200}")]
    private static partial Regex Anthropic { get; }

    [GeneratedRegex(Before + "sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,250}|[A-Za-z0-9]{20,60})" + After)]
    private static partial Regex OpenAi { get; }

    [GeneratedRegex(Before + "(?:hf_|api_org_)[A-Za-z0-9]{34,40}" + After)]
    private static partial Regex HuggingFace { get; }

    [GeneratedRegex(Before + "(?:gsk_[A-Za-z0-9]{50,54}|xai-[A-Za-z0-9]{80}|pplx-[A-Za-z0-9]{48,56}|r8_[A-Za-z0-9]{37})" + After)]
    private static partial Regex ModelProvider { get; }

    [GeneratedRegex(Before + "SG\\.[A-Za-z0-9_-]{20,24}\\.[A-Za-z0-9_-]{39,50}")]
    private static partial Regex SendGrid { get; }

    [GeneratedRegex(Before + "SK[a-f0-9]{32}" + After)]
    private static partial Regex Twilio { get; }

    [GeneratedRegex(Before + "(?:(?:pub)?key-[a-f0-9]{32}|[a-f0-9]{32}-us[0-9]{1,2})" + After)]
    private static partial Regex Mail { get; }

    [GeneratedRegex(Before + "do[opr]_v1_[a-f0-9]{64}" + After)]
    private static partial Regex DigitalOcean { get; }

    [GeneratedRegex(Before + "LTAI[A-Za-z0-9]{12,20}" + After)]
    private static partial Regex Alibaba { get; }

    [GeneratedRegex(Before + "v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}" + After)]
    private static partial Regex Cloudflare { get; }

    [GeneratedRegex(Before + "(?:fo1_[A-Za-z0-9_-]{43}|fm[12][ar]?_[A-Za-z0-9+/=]{60,600})")]
    private static partial Regex Fly { get; }

    [GeneratedRegex(Before + "tskey-[a-z]{2,12}-[A-Za-z0-9]{6,40}(?:-[A-Za-z0-9]{6,80})?" + After)]
    private static partial Regex Tailscale { get; }

    [GeneratedRegex("(?<![0-9A-Za-z_])[0-9]{8,10}:AA[A-Za-z0-9_-]{33}" + After)]
    private static partial Regex Telegram { get; }

    [GeneratedRegex(Before + "[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}" + After)]
    private static partial Regex Discord { get; }

    [GeneratedRegex("discord(?:app)?\\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,72}")]
    private static partial Regex DiscordWebhook { get; }

    [GeneratedRegex(Before + "dapi[a-f0-9]{32}(?:-[0-9])?" + After)]
    private static partial Regex Databricks { get; }

    [GeneratedRegex(Before + "hv[bs]\\.[A-Za-z0-9_-]{24,300}")]
    private static partial Regex Vault { get; }

    [GeneratedRegex(Before + "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,70}")]
    private static partial Regex Terraform { get; }

    [GeneratedRegex(Before + "dp\\.(?:pt|st|ct|sa|scim|audit)\\.(?:[a-z0-9_-]{1,40}\\.)?[A-Za-z0-9]{40,44}" + After)]
    private static partial Regex Doppler { get; }

    [GeneratedRegex(Before + "pul-[a-f0-9]{40}" + After)]
    private static partial Regex Pulumi { get; }

    [GeneratedRegex(Before + "(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/]{32,400}={0,2})")]
    private static partial Regex Grafana { get; }

    [GeneratedRegex(Before + "NR(?:AK|JS|AA|II)-[A-Za-z0-9_-]{19,42}" + After)]
    private static partial Regex NewRelic { get; }

    [GeneratedRegex(Before + "(?:sntrys_[A-Za-z0-9+/=_-]{60,400}|sntryu_[a-f0-9]{64})")]
    private static partial Regex Sentry { get; }

    [GeneratedRegex(Before + "dt0[a-z][0-9]{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}" + After)]
    private static partial Regex Dynatrace { get; }

    [GeneratedRegex(Before + "lin_(?:api|oauth)_[A-Za-z0-9]{32,64}" + After)]
    private static partial Regex Linear { get; }

    [GeneratedRegex(Before + "(?:ntn_[A-Za-z0-9]{40,50}|secret_[A-Za-z0-9]{43})" + After)]
    private static partial Regex Notion { get; }

    [GeneratedRegex(Before + "pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}" + After)]
    private static partial Regex Airtable { get; }

    [GeneratedRegex(Before + "ATATT3[A-Za-z0-9_=-]{100,200}")]
    private static partial Regex Atlassian { get; }

    [GeneratedRegex(Before + "fig[dopru]{1,2}_[A-Za-z0-9_-]{40,50}" + After)]
    private static partial Regex Figma { get; }

    [GeneratedRegex(Before + "PMAK-[a-f0-9]{24}-[a-f0-9]{34}" + After)]
    private static partial Regex Postman { get; }

    [GeneratedRegex(Before + "pscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{32,64}")]
    private static partial Regex PlanetScale { get; }

    [GeneratedRegex(Before + "(?:sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{20,60})" + After)]
    private static partial Regex Supabase { get; }

    [GeneratedRegex(Before + "sl\\.(?:u\\.)?[A-Za-z0-9_-]{120,1400}")]
    private static partial Regex Dropbox { get; }

    [GeneratedRegex("(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\\.eyJ?[A-Za-z0-9_-]{10,6000}\\.[A-Za-z0-9_-]{10,2000}")]
    private static partial Regex JsonWebToken { get; }

    [GeneratedRegex("[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\\s/:@\"'<>]{0,100}:(?<secret>[^\\s/:@\"'<>]{3,200})@[A-Za-z0-9\\[]")]
    private static partial Regex AddressPassword { get; }

    [GeneratedRegex("Authorization[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?(?:Bearer|Basic|Token|ApiKey)\\s{1,3}(?<secret>[A-Za-z0-9+/=._~-]{16,2000})", RegexOptions.IgnoreCase)]
    private static partial Regex AuthorizationHeader { get; }

    /// <summary>Digits alone, or in the groups that are printed on cards.</summary>
    [GeneratedRegex("(?<![A-Za-z0-9_.,/#-])(?:[2-6][0-9]{3}(?<gap>[ -]?)[0-9]{4}\\k<gap>[0-9]{4}\\k<gap>[0-9]{4}|3[47][0-9]{2}(?<gap>[ -]?)[0-9]{6}\\k<gap>[0-9]{5}|3[068][0-9]{2}(?<gap>[ -]?)[0-9]{6}\\k<gap>[0-9]{4})(?![A-Za-z0-9_-]|[.,][0-9])")]
    private static partial Regex CardNumber { get; }

    [GeneratedRegex("(?:pass(?:word|wd|phrase|code)|pwd|(?<![A-Za-z])pass(?=[\"'`]?\\s{0,3}=))[\"'`]?\\s{0,3}(?:=>|:=|==?|:|\\bis\\b)\\s{0,3}[\"'`]?(?<secret>[^\\s\"'`]{6,200})", RegexOptions.IgnoreCase)]
    private static partial Regex Password { get; }

    [GeneratedRegex("(?:api[_ -]?key|access[_ -]?key|secret[_ -]?key|private[_ -]?key|account[_ -]?key|signing[_ -]?key|encryption[_ -]?key|auth[_ -]?key|x-api-key|client[_ -]?secret|app[_ -]?secret|secret|token|credentials?)(?:[_ -]?value)?[\"'`]?\\s{0,3}(?:=>|:=|==?|:|\\bis\\b)\\s{0,3}[\"'`]?(?<secret>[A-Za-z0-9_+/=.~-]{16,500})(?![A-Za-z0-9_(\\[])", RegexOptions.IgnoreCase)]
    private static partial Regex KeyOrToken { get; }
}
