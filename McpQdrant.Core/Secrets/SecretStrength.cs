using System.Buffers;
using System.Text.RegularExpressions;

namespace McpQdrant.Core.Secrets;

/// <summary>Tells secrets from what only stands where a secret could: names of variables, placeholders, types, other numbers.</summary>
internal static partial class SecretStrength
{
    /// <summary>Shannon's entropy in bits a character. Random hexadecimal digits have more than 3, English words and names mostly less.</summary>
    private const double MinEntropy = 3;

    /// <summary>What people put into passwords, and names in code don't have.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("!@#$%^&*+=?~");

    private static readonly string[] Placeholders =
    [
        "your", "xxxx", "****", "....", "placeholder", "changeme", "change_me", "change-me", "redacted", "dummy", "insert", "replace", "todo", "example.", "secret:",
        "environ", "getenv", "process.env", "env.", "config.", "settings.", "options.", "vault:", "keyring", "null", "none", "undefined", "required", "optional",
    ];

    /// <summary>Whether a value that follows the name of a key or token is one: mixed characters without a pattern of words.</summary>
    public static bool IsRandom(string value) => IsMixed(value) && !Identifier().IsMatch(value) && Entropy(value) >= MinEntropy;

    /// <summary>Whether a value has letters and digits, and is no placeholder.</summary>
    public static bool IsMixed(string value) => IsNoPlaceholder(value) && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter);

    /// <summary>Whether a value that follows the word "password" is one: people choose them, so they need not be random, but a name in code is none.</summary>
    public static bool IsPassword(string value)
    {
        var trimmed = value.TrimEnd('.', ',', ';', ':', ')', ']', '}', '>', '!', '?');
        if (trimmed.Length < 6 || !IsNoPlaceholder(trimmed) || Expression().IsMatch(trimmed))
            return false;

        var hasDigit = trimmed.Any(char.IsAsciiDigit);
        var hasSign = trimmed.AsSpan(1).ContainsAny(Signs);
        return trimmed.Any(char.IsLetter) && (hasDigit || hasSign)
            || trimmed.Length >= 6 && trimmed.All(char.IsAsciiDigit) && !Year().IsMatch(trimmed);
    }

    /// <summary>Whether it is more than a mark for a secret that is to be filled in, such as <c>${TOKEN}</c> or <c>&lt;password&gt;</c>.</summary>
    public static bool IsNoPlaceholder(string value) =>
        value[0] is not ('$' or '<' or '{' or '%' or '[' or '(' or '*' or '@' or '/' or '~' or '\\' or '|')
        && !value.StartsWith("./", StringComparison.Ordinal)
        && !value.Contains("://", StringComparison.Ordinal)
        && !Array.Exists(Placeholders, word => value.Contains(word, StringComparison.OrdinalIgnoreCase))
        && value.Distinct().Count() > 2
        && !IsSameWord(value);

    /// <summary>Whether a number has an issuer's beginning and the check digit of card numbers (Luhn, ISO/IEC 7812).</summary>
    public static bool IsCardNumber(string value)
    {
        var digits = value.Where(char.IsAsciiDigit).Select(digit => digit - '0').ToArray();
        var sum = 0;
        for (var place = 0; place < digits.Length; place++)
        {
            var digit = digits[^(place + 1)] * (place % 2 + 1);
            sum += digit > 9 ? digit - 9 : digit;
        }
        return sum % 10 == 0 && digits.Distinct().Count() > 1 && IsIssued(digits);
    }

    /// <summary>Visa, Mastercard, American Express, Discover, JCB, Diners Club and UnionPay.</summary>
    private static bool IsIssued(int[] digits)
    {
        var prefix = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
        return digits.Length switch
        {
            16 => prefix is (>= 4000 and <= 4999) or (>= 5100 and <= 5599) or (>= 2221 and <= 2720) or 6011 or (>= 6440 and <= 6599) or (>= 3528 and <= 3589) or (>= 6200 and <= 6299),
            15 => prefix is (>= 3400 and <= 3499) or (>= 3700 and <= 3799),
            14 => prefix is (>= 3000 and <= 3059) or (>= 3600 and <= 3699) or (>= 3800 and <= 3999),
            _ => false,
        };
    }

    /// <summary>What examples have in a password's place, and what everybody knows.</summary>
    private static bool IsSameWord(string value) =>
        value.StartsWith("password", StringComparison.OrdinalIgnoreCase) && value.Length <= "password".Length + 1
        || value.ToLowerInvariant() is "pass" or "passwd" or "pwd" or "secret" or "string" or "user" or "guest" or "test" or "admin" or "root" or "token";

    private static double Entropy(string value) =>
        -value.GroupBy(character => character).Select(group => (double)group.Count() / value.Length).Sum(share => share * Math.Log2(share));

    /// <summary>A name with a number at most, or several with signs between them: a path, a version.</summary>
    [GeneratedRegex("^(?:[A-Za-z]{1,60}[0-9]{0,3}|(?:[A-Za-z]{1,30}[0-9]{0,3}[A-Za-z]{0,12}|v?[0-9]{1,4})(?:[._/=-]{1,2}(?:[A-Za-z]{1,30}[0-9]{0,3}[A-Za-z]{0,12}|v?[0-9]{1,4})){1,30})$")]
    private static partial Regex Identifier();

    /// <summary>Code, not a value: a call, an index, a member, a name with underscores or dashes.</summary>
    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.]{0,60}[([]|^[A-Za-z_][A-Za-z0-9_]{0,60}(?:(?:\\.|->|::|\\?\\.)[A-Za-z_][A-Za-z0-9_]{0,60}){1,8}$|^[A-Za-z]{2,30}(?:[_-][A-Za-z0-9]{1,30}){1,8}$")]
    private static partial Regex Expression();

    [GeneratedRegex("^(?:19|20)[0-9]{6}$")]
    private static partial Regex Year();
}
