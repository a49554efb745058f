using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace McpQdrant.Stores.Qdrant.Api;

/// <summary>What Qdrant's errors mean to a caller: a row for each, of which the first that fits counts.</summary>
/// <remarks>The texts are those of Qdrant 1.18; one that no row knows is passed on as it came.</remarks>
internal static partial class QdrantErrorTable
{
    private const string Changed = "Collection '{collection}' isn't what it was: ";
    private const string TryAgain = ". Try again; if it stays so, choose another collection.";
    private const string StrictIndex = "The strict mode of collection '{collection}' only allows filters and rankings by indexed fields, and '{field}' has no index";
    private const string TooLarge = "The request is too large for Qdrant ({size} MiB). Store a shorter text, or less metadata.";

    private static readonly Row[] Rows =
    [
        // The collection is gone, or was made anew with other vectors than those known.
        new(404, "^Not found: Collection", "Collection '{collection}' doesn't exist.") { IsStale = true },
        new(400, "Not existing vector name error: $", Changed + "it has no vector without a name" + TryAgain) { IsStale = true },
        new(400, "Not existing vector name", Changed + "it has no vector '{name}'" + TryAgain) { IsStale = true, Parts = MissingVector() },
        new(400, "Vector dimension error", Changed + "its vectors have size {there}, and one of size {sent} was sent" + TryAgain) { IsStale = true, Parts = OtherSize() },
        new(400, "Conversion between", Changed + "its vectors are of another kind" + TryAgain) { IsStale = true },

        // The key.
        new(401, "", "{server} doesn't accept the API key. Check QDRANT_API_KEY.") { Needs = Given.Key },
        new(401, "", "{server} asks for an API key. Set QDRANT_API_KEY."),
        new(403, "^ExpiredSignature$", "The access token for Qdrant has expired. Put a new one into QDRANT_API_KEY."),
        new(403, "^InvalidSignature$", "{server} doesn't accept the access token: it is signed with another key. Check QDRANT_API_KEY."),
        new(403, "^Forbidden: Global manage access is required$", "The API key for Qdrant is read-only. Use one that may write, or set QDRANT_READ_ONLY=true."),
        new(403, "^Forbidden: Global access is required$",
            "The API key for Qdrant may not create collection '{collection}'. Choose a collection that it covers, or use another key.") { Needs = Given.Collection },
        new(403, "^Forbidden: Global access is required$", "The API key for Qdrant doesn't cover the whole server. Use another one."),
        new(403, "^Forbidden: Write access", "The API key for Qdrant may only read collection '{collection}'. Use one that may write to it."),
        new(403, "^Forbidden: Access to collection",
            "The API key for Qdrant doesn't cover collection '{collection}'. Choose a collection that it covers, or use another key."),
        new(403, "", "{server} forbids this: {reason}. Check what the key in QDRANT_API_KEY may do."),

        // Limits.
        new(429, "Write rate", "Collection '{collection}' limits how often it is written to, and the limit is reached. Try again {wait}."),
        new(429, "", "Collection '{collection}' limits how often it is read, and the limit is reached. Try again {wait}."),
        new(413, "", TooLarge),
        new(400, "JSON payload", TooLarge) { Parts = TooLargeJson() },
        new(400, "Index required", StrictIndex + " of the type {type}. Use another field, or create that index.") { Parts = IndexOfOneType() },
        new(400, "Index required", StrictIndex + ". Use another field, or create that index.") { Parts = IndexOfAnyType() },
        new(400, "^Bad request: ", "The strict mode of collection '{collection}' doesn't allow this: {strict}"),

        // The request.
        new(400, "stored_at",
            "Collection '{collection}' has memories whose field 'stored_at' is no time, so they can't be ranked by age. Unset MEMORY_RECENCY_HALF_LIFE, or correct them."),
        new(400, "", "Qdrant refuses the filter at {path}: {fault}.") { To = 422, Needs = Given.Filter, Parts = InvalidFilter() },
        new(400, "", "Qdrant refuses the filter: {fault}.") { To = 422, Needs = Given.Filter, Parts = UnreadableJson() },
        new(400, "^$", "{server} doesn't understand the request. Where it serves TLS, write https:// in the address."),
        new(404, "^$", "{server} has no such path: it is no Qdrant, an older version, or behind a proxy with another path. Check the address."),

        // The server.
        new(500, "InferenceService",
            "{server} knows no embedding model of the name that was asked for, or has no inference service to ask. Where Qdrant is to embed, "
            + "check EMBEDDING_MODEL; otherwise choose another EMBEDDING_PROVIDER."),
        new(500, "", "{server} is moving data between its nodes, or one of them has just come or gone ({reason}). Try again in a moment; doing the same thing again is safe.")
        {
            Parts = QdrantTransition.Reason(),
        },
        new(500, "", "{server} failed: {reason}. Its log says more."),
        new(502, "", "{server} isn't ready to answer (HTTP {status}). It may be starting; try again in a moment.") { To = 504 },
        new(300, "", "{server} sends us to another address, and the key isn't taken there. Give the address that it redirects to.") { To = 399 },
        new(0, "", "{server} refuses the request for collection '{collection}' (HTTP {status}): {reason}.") { To = int.MaxValue, Needs = Given.Collection },
        new(0, "", "{server} refuses the request (HTTP {status}): {reason}.") { To = int.MaxValue },
    ];

    /// <returns>A sentence, and whether what is known of the collection is out of date.</returns>
    public static (string Sentence, bool IsStale) Look(QdrantError error)
    {
        foreach (var row in Rows)
        {
            if (row.Fits(error) && row.Parts?.Match(error.Reason) is not { Success: false })
                return (Placeholder().Replace(row.Sentence, name => Fill(name.Groups[1].Value, error, row)), row.IsStale);
        }
        throw new InvalidOperationException("The last row fits every error.");
    }

    private static string Fill(string name, QdrantError error, Row row) => name switch
    {
        "server" => error.Server,
        "collection" => $"{error.Request.Collection}",
        "status" => $"{(int)error.Status}",
        "reason" => error.Reason.Length == 0 ? "it gives no reason" : Kind().Replace(error.Reason, "").TrimEnd('.', '!'),
        "strict" => Strict(error.Reason["Bad request: ".Length..]),
        "size" => (error.Request.Body.Length / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture),
        "wait" => RetryAfter().Match(error.Reason) is { Success: true } wait ? $"in {wait.Groups["seconds"].Value} s" : "in a moment",
        var part => row.Parts!.Match(error.Reason).Groups[part].Value,
    };

    private static string Strict(string reason) =>
        $"{reason.Replace("!. Help: ", ". ", StringComparison.Ordinal).Replace(" Help: ", " ", StringComparison.Ordinal).TrimEnd('.')}.";

    /// <param name="Status">The HTTP status, or the first of several.</param>
    /// <param name="Text">What stands in Qdrant's reason; after <c>^</c> what it begins with, before <c>$</c> what it ends with.</param>
    /// <param name="Sentence">With names in braces: parts of the error, or groups of <see cref="Parts"/>.</param>
    private sealed record Row(int Status, string Text, string Sentence)
    {
        /// <summary>The last status of several.</summary>
        public int To { get; init; } = Status;

        public Given Needs { get; init; }

        /// <summary>What must match besides, for its groups.</summary>
        public Regex? Parts { get; init; }

        public bool IsStale { get; init; }

        public bool Fits(QdrantError error) =>
            (int)error.Status >= Status && (int)error.Status <= To && (error.Given & Needs) == Needs && Stands(error.Reason);

        private bool Stands(string reason) => (Text.StartsWith('^'), Text.EndsWith('$')) switch
        {
            (true, true) => reason.Equals(Text[1..^1], StringComparison.Ordinal),
            (true, false) => reason.StartsWith(Text[1..], StringComparison.Ordinal),
            (false, true) => reason.EndsWith(Text[..^1], StringComparison.Ordinal),
            _ => reason.Contains(Text, StringComparison.Ordinal),
        };
    }

    [GeneratedRegex(@"\{([a-z]+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"Retry after (?<seconds>\d+)s")]
    private static partial Regex RetryAfter();

    [GeneratedRegex(@"JSON payload .*(larger than allowed|has exceeded limit)")]
    private static partial Regex TooLargeJson();

    [GeneratedRegex("Index required but not found for \"(?<field>.*)\" of one of the following types: \\[(?<type>[^\\],]*)\\]")]
    private static partial Regex IndexOfOneType();

    [GeneratedRegex("Index required but not found for \"(?<field>.*)\" of one of the following types: \\[")]
    private static partial Regex IndexOfAnyType();

    /// <summary>The column that Qdrant names is always the body's end.</summary>
    [GeneratedRegex(@"filter\.(?<path>[a-z_]+[^:]*?)(\.__all__)?: (Validation error: )?(?<fault>.*?)\.?( \[\{.*\}\])?\]$")]
    private static partial Regex InvalidFilter();

    [GeneratedRegex(@"Format error in JSON body: (?<fault>.*?),? (which can be a field condition .*)?at line 1 column \d+$")]
    private static partial Regex UnreadableJson();

    [GeneratedRegex("Not existing vector name error: (?<name>.*)$")]
    private static partial Regex MissingVector();

    [GeneratedRegex(@"expected dim: (?<there>\d+), got (?<sent>\d+)")]
    private static partial Regex OtherSize();

    [GeneratedRegex("^(Wrong input|Bad request|Service internal error|Forbidden|Not found|(Format|Validation) error in JSON body): ")]
    private static partial Regex Kind();
}

/// <summary>An answer of Qdrant that says no.</summary>
/// <param name="Server">The server, as the start of a sentence.</param>
/// <param name="Reason">Qdrant's own words; empty for none.</param>
internal sealed record QdrantError(string Server, HttpStatusCode Status, string Reason, QdrantRequest Request, bool HasKey)
{
    public Given Given =>
        (HasKey ? Given.Key : Given.None) | (Request.Collection is null ? Given.None : Given.Collection) | (Request.Filter is null ? Given.None : Given.Filter);
}

/// <summary>What a request that was refused had.</summary>
[Flags]
internal enum Given
{
    None = 0,
    Key = 1,
    Collection = 2,
    Filter = 4,
}
