using System.Text.Json;
using McpQdrant.Tests.Deployment;

namespace McpQdrant.Tests.Core.Secrets;

/// <summary>Texts without a secret: sentences of abstracts, the sources and pages of this repository, and what looks random in notes of developers.</summary>
internal static class OrdinaryTexts
{
    private static readonly string[] Frames =
    [
        "Fixed in commit {0}, see the log.", "The image is data:image/png;base64,{1}", "The build of {2} took 41 s.", "\"id\": \"{2}\",", "sha256:{3}  archive.tar.gz",
        "\"integrity\": \"sha512-{1}\"", "Request {2} failed at 2026-03-01T12:34:56.789Z with code 502.", "The cache key is the hash {3} of the lock file.",
        "git checkout {0} -- src/token.cs", "version 10.0.{4} of the package, published {5}", "order {5} was shipped on the 3rd", "ETag: \"{0}\"",
        "the password is stored as a hash; see Passwords.cs line {4}", "token = await tokens.GetAsync(request.Id{4});", "password: {{{{ vault_password_{4} }}}}",
        "var secret = Environment.GetEnvironmentVariable(\"SECRET_{4}\");", "api_key: ${{API_KEY_{4}}}", "pass the api key: your-api-key-{4} in the header",
        "TOKEN=<token-{4}>", "max_tokens: {4}, temperature: 0.{4}", "password = request.form['password{4}']", "tokens: [{4}, {4}, {5}]",
        "secretKeyRef: name: atlas-secrets-v{4}, key: password", "public string Password{4} {{ get; set; }}", "ssh-ed25519 AAAA{1} user@host", "user id {5}, timestamp {5}",
        "float x = 0.{5}; // 4{5}", "trace 00-{6}-01", "https://example.org/a/{0}/b?page={4}&sort=asc", "phone +49 170 {4}{4}{4}",
    ];

    public static IEnumerable<string> Take(int count)
    {
        var random = new Random(11);
        var made = Enumerable.Range(0, count / 4).Select(number => Made(random, Frames[number % Frames.Length]));
        var lines = Lines().ToArray();
        random.Shuffle(lines);
        var sentences = Sentences().ToArray();
        random.Shuffle(sentences);
        return made.Concat(lines.Take(count / 4)).Concat(sentences).Take(count);
    }

    private static IEnumerable<string> Sentences() =>
        from line in File.ReadLines(Repository.File("McpQdrant.Benchmarks/Data/cranfield/corpus.jsonl"))
        from sentence in JsonElement.Parse(line).GetProperty("text").GetString()!.Split(" . ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        where sentence.Length > 20
        select sentence;

    private static IEnumerable<string> Lines() =>
        from folder in (string[])["McpQdrant.Core", "McpQdrant.Server", "docs", "deploy"]
        from file in Directory.EnumerateFiles(Repository.File(folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        where Path.GetExtension(file) is ".cs" or ".md" or ".yaml" or ".json" && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        from line in File.ReadLines(file)
        where line.Trim().Length > 20
        select line;

    private static string Made(Random random, string frame)
    {
        var bytes = new byte[96];
        random.NextBytes(bytes);
        var hex = Convert.ToHexStringLower(bytes);
        return string.Format(
            System.Globalization.CultureInfo.InvariantCulture, frame, hex[..40], Convert.ToBase64String(bytes), new Guid(bytes.AsSpan(0, 16)), hex[..64], random.Next(1, 999),
            1_700_000_000_000 + random.Next(), $"{hex[..32]}-{hex[32..48]}");
    }
}
